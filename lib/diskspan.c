// SPDX-License-Identifier: GPL-2.0
/*
 * Disk span - which bytes of a disk a span of sectors covers
 */
#include <linux/errno.h>
#include <linux/types.h>

#include "diskspan.h"

#define DISKSPAN_MIB_SHIFT	20
#define DISKSPAN_SECTOR_SHIFT	9

/**
 * diskspan_size() - Convert the size of a disk from mebibytes to bytes.
 * @mib: size in mebibytes, any number
 * @max: largest size allowed, in bytes
 * @bytes: set to the size in bytes, 1 MiB..@max
 *
 * Return: 0, or -EINVAL if the size is 0 or more than @max.
 */
int diskspan_size(u64 mib, u64 max, u64 *bytes)
{
	if (!mib || mib > max >> DISKSPAN_MIB_SHIFT)
		return -EINVAL;

	*bytes = mib << DISKSPAN_MIB_SHIFT;
	return 0;
}

/**
 * diskspan_find() - Find the byte offset of a span of sectors.
 * @bytes: size of the disk, in bytes
 * @sector: the first sector, any number
 * @len: length of the span in bytes, any number
 * @offset: set to the byte offset of @sector; the whole span is on the disk
 *
 * Return: 0, or -EIO if a part of the span is past the end of the disk.
 */
int diskspan_find(u64 bytes, u64 sector, u64 len, u64 *offset)
{
	if (len > bytes || sector > (bytes - len) >> DISKSPAN_SECTOR_SHIFT)
		return -EIO;

	*offset = sector << DISKSPAN_SECTOR_SHIFT;
	return 0;
}
