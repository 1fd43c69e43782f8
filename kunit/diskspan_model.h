/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Disk span model - sizes and offsets of a disk in bytes, with overflow checks
 *
 * The model multiplies and adds, and lets the compiler detect an overflow.
 * lib/diskspan.c shifts the limits to the right instead, which cannot overflow.
 * The model divides by the size of a block, and lib/diskspan.h masks.
 */
#ifndef _MODPROOF_DISKSPAN_MODEL_H
#define _MODPROOF_DISKSPAN_MODEL_H

#include <linux/errno.h>
#include <linux/overflow.h>
#include <linux/types.h>

static inline int diskspan_model_size(u64 mib, u64 max, u64 *bytes)
{
	const u64 bytes_per_mib = 1048576;
	u64 size;

	if (mib == 0 || check_mul_overflow(mib, bytes_per_mib, &size) || size > max)
		return -EINVAL;

	*bytes = size;
	return 0;
}

static inline int diskspan_model_find(u64 bytes, u64 sector, u64 len, u64 *offset)
{
	const u64 bytes_per_sector = 512;
	u64 start, end;

	if (check_mul_overflow(sector, bytes_per_sector, &start) ||
	    check_add_overflow(start, len, &end) || end > bytes)
		return -EIO;

	*offset = start;
	return 0;
}

static inline u64 diskspan_model_in_block(u64 offset, u64 len, u64 block)
{
	const u64 last = offset / block * block + (block - 1);

	return len && len - 1 > last - offset ? last - offset + 1 : len;
}

#endif /* _MODPROOF_DISKSPAN_MODEL_H */
