/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Owner table chains - count the entries of a table's buckets
 *
 * The KUnit suite, the fuzz target and the benchmark use these functions.
 */
#ifndef _MODPROOF_OWNER_TABLE_CHAINS_H
#define _MODPROOF_OWNER_TABLE_CHAINS_H

#include <linux/list.h>
#include <linux/types.h>

#include "owner_table.h"

/* Counts the entries of a bucket, except @missing, which may be NULL. */
static inline u32 chain_length(const struct hlist_head *bucket,
			       const struct hlist_node *missing)
{
	struct hlist_node *node;
	u32 length = 0;

	hlist_for_each(node, bucket)
		length += node != missing;
	return length;
}

/*
 * Counts the steps that it takes to move the entries out of @buckets, from
 * bucket @first on.  A step moves one entry, or skips one empty bucket.
 * @missing is not counted, as if it had been released.
 */
static inline u32 count_steps(const struct hlist_head *buckets, unsigned int bits,
			      u32 first, const struct hlist_node *missing)
{
	u32 i, length, steps = 0;

	for (i = first; buckets && i < 1U << bits; i++) {
		length = chain_length(&buckets[i], missing);
		steps += length ? length : 1;
	}
	return steps;
}

/*
 * Counts the steps that remain of a move after @missing is released.  If
 * @missing is NULL, counts those that remain now.
 */
static inline u32 count_steps_left(const struct owner_table *table,
				   const struct hlist_node *missing)
{
	return count_steps(table->old_buckets, table->old_bits, table->nr_moved,
			   missing);
}

/*
 * Returns a pointer that is different for each number.  The function is the
 * finalizer of MurmurHash3.
 */
static inline const void *scattered(u32 n)
{
	n = (n ^ n >> 16) * 0x85ebca6b;
	n = (n ^ n >> 13) * 0xc2b2ae35;
	return (const void *)(unsigned long)(n ^ n >> 16);
}

#endif /* _MODPROOF_OWNER_TABLE_CHAINS_H */
