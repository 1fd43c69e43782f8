/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Owner table - hash table of claims, at most one for each process
 *
 * The callers embed the entries in objects of their own and allocate the
 * buckets.  The owner is a pointer that identifies the process and is only
 * compared.  Hold a reference to the struct pid of the thread group as long as
 * the claim exists: the pointer then cannot be reused for another process, as a
 * PID number could.
 *
 * The table stays fast by growing.  When owner_table_is_crowded() returns true,
 * pass a larger array to owner_table_grow().  Each claim and each release then
 * moves at most OWNER_TABLE_STEP entries, so that no single call moves the whole
 * table, however late it grows.  If a crowded table grows at once, a move ends
 * before the next one is due; if the caller has to wait for memory, the table is
 * slower but still correct.  When all entries have moved, owner_table_retire()
 * returns the old array.  No call allocates, so the caller can allocate and free
 * the arrays without the lock.
 *
 * An rhashtable is not used, because its insertions allocate, take locks and may
 * fail for want of memory, and a work item resizes it.  A part does none of these.
 *
 * Nothing here allocates, locks or sleeps.  The caller serialises:
 *
 *			 |  claim, release, grow, retire  |  find, is_crowded
 *   claim, release, ... |               L                |         L
 *   find, is_crowded    |                                |         -
 *
 * "L" needs a lock around both, "-" needs none.  A function that returns an
 * error has changed nothing.
 */
#ifndef _MODPROOF_OWNER_TABLE_H
#define _MODPROOF_OWNER_TABLE_H

#include <linux/list.h>
#include <linux/types.h>

/* The number of buckets is a power of two; "bits" is its logarithm. */
#define OWNER_TABLE_MIN_BITS	1
/* PID_MAX_LIMIT in linux/threads.h: there are never more than 2^22 processes. */
#define OWNER_TABLE_MAX_BITS	22
/* Steps of a claim or release; each moves an entry or skips an empty bucket. */
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
 * @nr_moved: buckets of @old_buckets, from the first on, that have been emptied
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
