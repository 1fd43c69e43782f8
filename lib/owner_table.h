/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Owner table - hash table of claims, at most one for each process
 *
 * The caller embeds each entry in an object of its own, and allocates the
 * arrays of buckets.  The owner is a pointer that identifies the process; the
 * table only compares it.  Hold a reference to the struct pid of the thread
 * group as long as the claim exists: the pointer then cannot be reused for
 * another process, as a PID number could.
 *
 * The table stays fast by growing.  When owner_table_is_crowded() returns true,
 * pass a larger array to owner_table_grow().  Each claim and each release then
 * moves at most OWNER_TABLE_STEP entries, so no single call moves the whole
 * table, even if it grows late.  If the caller lets a crowded table grow at
 * once, the move ends before the table is crowded again.  If the caller has to
 * wait for memory, calls take longer, but the table is still correct.  When all
 * entries have moved, owner_table_retire() returns the old array.  No call
 * allocates, so the caller can allocate and free the arrays without the lock.
 *
 * An rhashtable is not used.  Its insertions allocate, take locks and may fail
 * if there is no memory, and a work item resizes it.  Code in lib/ does none of
 * these.
 *
 * Nothing here allocates, locks or sleeps.  The caller serialises the calls for
 * a table:
 *
 *			 |  claim, release, grow, retire  |  find, is_crowded
 *   claim, release, ... |               L                |         L
 *   find, is_crowded    |                                |         -
 *
 * "L" means that the caller holds one lock during both calls; "-" means that no
 * lock is needed.  A function that returns an error has changed nothing.
 */
#ifndef _MODPROOF_OWNER_TABLE_H
#define _MODPROOF_OWNER_TABLE_H

#include <linux/list.h>
#include <linux/types.h>

/* The number of buckets is a power of two; "bits" is its log2. */
#define OWNER_TABLE_MIN_BITS	1
/* PID_MAX_LIMIT in linux/threads.h: there are at most 2^22 processes. */
#define OWNER_TABLE_MAX_BITS	22
/*
 * The largest number of steps of a move that one claim or release makes.  A
 * step moves one entry or skips one empty bucket.
 */
#define OWNER_TABLE_STEP		4

/**
 * struct owner_table_entry - a claim, embedded in the object that is claimed
 * @node: link in a bucket of the table
 * @owner: the process that holds the claim
 */
struct owner_table_entry {
	struct hlist_node node;
	const void *owner;
};

/**
 * struct owner_table - a table of claims
 * @buckets: the array that new claims are added to, owned by the caller
 * @old_buckets: the array that entries are moved from, or NULL
 * @nr_entries: number of claims
 * @nr_moved: number of buckets of @old_buckets that are empty because all of
 *	their entries have moved; these are the first ones
 * @bits: log2 of the number of @buckets
 * @old_bits: log2 of the number of @old_buckets
 */
struct owner_table {
	struct hlist_head *buckets;
	struct hlist_head *old_buckets;
	u32 nr_entries;
	u32 nr_moved;
	unsigned int bits;
	unsigned int old_bits;
};

int owner_table_init(struct owner_table *table, struct hlist_head *buckets,
		     unsigned int bits);
struct owner_table_entry *owner_table_find(const struct owner_table *table,
					   const void *owner);
int owner_table_claim(struct owner_table *table, struct owner_table_entry *entry,
		      const void *owner);
void owner_table_release(struct owner_table *table, struct owner_table_entry *entry);
bool owner_table_is_crowded(const struct owner_table *table);
int owner_table_grow(struct owner_table *table, struct hlist_head *buckets,
		     unsigned int bits);
struct hlist_head *owner_table_retire(struct owner_table *table);

#endif /* _MODPROOF_OWNER_TABLE_H */
