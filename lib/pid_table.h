/* SPDX-License-Identifier: GPL-2.0 */
/*
 * PID table - which process holds something, one claim a process at most
 *
 * A hash table of entries that the callers embed in objects of their own, with
 * buckets that the caller allocates.  The owner is a pointer that stands for
 * the process, and is only compared: hold a reference to the struct pid of its
 * thread group for as long as the claim lasts, and the pointer cannot come to
 * mean another process, as a number could.
 *
 * The table stays fast by growing.  Whenever pid_table_is_crowded() says so,
 * hand it a larger array with pid_table_grow(); the entries then move over a
 * few at a time, at most PID_TABLE_STEP with every claim and release, so that
 * no single call pays for the whole table, however late it grows.  If a crowded
 * table grows at once, a move ends before the next one is due; if it has to wait
 * for memory, it is slower, not wrong.  When all has moved, pid_table_retire()
 * hands back the old array.  No call needs memory, so the caller can allocate
 * and free the arrays without the lock.
 *
 * Nothing here allocates, locks or sleeps.  Whoever calls serialises:
 *
 *			 |  claim, release, grow, retire  |  find, is_crowded
 *   claim, release, ... |               L                |         L
 *   find, is_crowded    |                                |         -
 *
 * "L" needs a lock around both, "-" needs none.  A function that returns an
 * error has changed nothing.
 */
#ifndef _MODPROOF_PID_TABLE_H
#define _MODPROOF_PID_TABLE_H

#include <linux/list.h>
#include <linux/types.h>

/* A number of buckets is given by its logarithm, PID_TABLE_MIN_BITS and up. */
#define PID_TABLE_MIN_BITS	1
/* PID_MAX_LIMIT in linux/threads.h: there are never more than 2^22 processes. */
#define PID_TABLE_MAX_BITS	22
/* Entries, or empty buckets, of the old array that one claim or release moves. */
#define PID_TABLE_STEP		4

/**
 * struct pid_table_entry - a claim, embedded in what is claimed
 * @node: the table's
 * @owner: who holds the claim
 */
struct pid_table_entry {
	struct hlist_node node;
	const void *owner;
};

/**
 * struct pid_table - a table of claims
 * @buckets: the array that new claims go to, owned by the caller
 * @old_buckets: the array that entries are moving from, or NULL
 * @nr_entries: number of claims
 * @nr_moved: buckets of @old_buckets that are empty for good
 * @bits: log2 of the number of @buckets
 * @old_bits: log2 of the number of @old_buckets
 */
struct pid_table {
	struct hlist_head *buckets;
	struct hlist_head *old_buckets;
	u32 nr_entries;
	u32 nr_moved;
	unsigned int bits;
	unsigned int old_bits;
};

int pid_table_init(struct pid_table *table, struct hlist_head *buckets,
		   unsigned int bits);
struct pid_table_entry *pid_table_find(const struct pid_table *table,
				       const void *owner);
int pid_table_claim(struct pid_table *table, struct pid_table_entry *entry,
		    const void *owner);
void pid_table_release(struct pid_table *table, struct pid_table_entry *entry);
bool pid_table_is_crowded(const struct pid_table *table);
int pid_table_grow(struct pid_table *table, struct hlist_head *buckets,
		   unsigned int bits);
struct hlist_head *pid_table_retire(struct pid_table *table);

#endif /* _MODPROOF_PID_TABLE_H */
