/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Disk span - which bytes of a disk a span of sectors covers
 *
 * The size of a disk is in bytes.  A sector always has 512 bytes, whatever the
 * block size of the disk is.  The arguments are not trusted and may have any
 * value: all of them have 64 bits, and no calculation overflows.
 *
 * The block layer checks that a request is within the capacity of the disk.  It
 * does not check the disk size that a user asks for, nor that the memory of the
 * disk is as large as the capacity.
 *
 * Nothing here allocates, locks or sleeps, and there is no state, so the
 * functions may run at the same time.  A function that returns an error has
 * changed nothing.
 */
#ifndef _MODPROOF_DISKSPAN_H
#define _MODPROOF_DISKSPAN_H

#include <linux/kernel.h>
#include <linux/types.h>

int diskspan_size(u64 mib, u64 max, u64 *bytes);
int diskspan_find(u64 bytes, u64 sector, u64 len, u64 *offset);

/**
 * diskspan_in_block() - Find how much of a span is in the block it begins in.
 * @offset: byte offset of the span, any number
 * @len: length of the span in bytes, any number
 * @block: size of a block in bytes, a power of two
 *
 * A caller that handles the span block by block adds the result to @offset and
 * subtracts it from @len, until @len is 0.
 *
 * This is inline, so that the compiler knows that a part has at most @block
 * bytes: then it copies the part without a call of memcpy().
 *
 * Return: the number of bytes, 1..@block, or 0 if @len is 0.
 */
static inline u64 diskspan_in_block(u64 offset, u64 len, u64 block)
{
	const u64 left = block - (offset & (block - 1));

	return min(len, left);
}

#endif /* _MODPROOF_DISKSPAN_H */
