// SPDX-License-Identifier: GPL-2.0
/*
 * Disk span - which bytes of a disk its sectors are
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/types.h>

#include "diskspan.h"

#define DISKSPAN_MIB_SHIFT	20
#define DISKSPAN_SECTOR_SHIFT	9

/**
 * diskspan_size() - Tell how many bytes a disk of so many mebibytes has.
 * @mib: mebibytes, any number
 * @max: how many bytes there may be at most
 * @bytes: set to how many there are, 1 MiB..@max
 *
 * Return: 0, or -EINVAL if there are none or too many.
 */
int diskspan_size(u64 mib, u64 max, u64 *bytes)
{
	if (!mib || mib > max >> DISKSPAN_MIB_SHIFT)
		return -EINVAL;

	*bytes = mib << DISKSPAN_MIB_SHIFT;
	return 0;
}
EXPORT_SYMBOL_GPL(diskspan_size);

/**
 * diskspan_find() - Find where the bytes of a span of sectors begin.
 * @bytes: how many bytes the disk has
 * @sector: the first sector, any number
 * @len: how many bytes the span has, any number
 * @offset: set to the first byte; from there on, @len of them are the disk's
 *
 * Return: 0, or -EIO if not all of them are on the disk.
 */
int diskspan_find(u64 bytes, u64 sector, u64 len, u64 *offset)
{
	if (len > bytes || sector > (bytes - len) >> DISKSPAN_SECTOR_SHIFT)
		return -EIO;

	*offset = sector << DISKSPAN_SECTOR_SHIFT;
	return 0;
}
EXPORT_SYMBOL_GPL(diskspan_find);
