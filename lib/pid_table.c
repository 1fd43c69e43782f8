// SPDX-License-Identifier: GPL-2.0
/*
 * PID table - which process holds something, one claim a process at most
 *
 * Growing a little at a time is what Per-Ake Larson's linear hashing does
 * ("Dynamic hash tables", Communications of the ACM 31(4), 1988); here it runs
 * between two arrays, because the caller's new array cannot extend the old one
 * in place.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/types.h>

#include "pid_table.h"

static bool bits_are_valid(unsigned int bits)
{
	return bits >= PID_TABLE_MIN_BITS && bits <= PID_TABLE_MAX_BITS;
}

static bool move_is_done(const struct pid_table *table)
{
	return table->nr_moved == 1U << table->old_bits;
}

static struct pid_table_entry *bucket_find(const struct hlist_head *bucket,
					   const void *owner)
{
	struct pid_table_entry *entry;

	hlist_for_each_entry(entry, bucket, node) {
		if (entry->owner == owner)
			return entry;
	}
	return NULL;
}

static void entry_add(struct pid_table *table, struct pid_table_entry *entry)
{
	u32 i = hash_ptr(entry->owner, table->bits);

	hlist_add_head(&entry->node, &table->buckets[i]);
}

/* Moves an entry, and leaves its bucket if that is empty by now. */
static void move_one(struct pid_table *table)
{
	struct hlist_head *bucket = &table->old_buckets[table->nr_moved];
	struct pid_table_entry *entry;

	if (!hlist_empty(bucket)) {
		entry = hlist_entry(bucket->first, struct pid_table_entry,
				    node);
		hlist_del(&entry->node);
		entry_add(table, entry);
	}
	if (hlist_empty(bucket))
		table->nr_moved++;
}

static void move_step(struct pid_table *table)
{
	int i;

	if (!table->old_buckets)
		return;

	for (i = 0; i < PID_TABLE_STEP && !move_is_done(table); i++)
		move_one(table);
}

/**
 * pid_table_init() - Make a table without claims.
 * @table: the table
 * @buckets: 2^@bits empty buckets, which must outlive the table or be retired
 * @bits: PID_TABLE_MIN_BITS..PID_TABLE_MAX_BITS
 *
 * Return: 0, or -EINVAL where @bits is out of its range.
 */
int pid_table_init(struct pid_table *table, struct hlist_head *buckets,
		   unsigned int bits)
{
	if (!bits_are_valid(bits))
		return -EINVAL;

	*table = (struct pid_table){ .buckets = buckets, .bits = bits };
	return 0;
}
EXPORT_SYMBOL_GPL(pid_table_init);

/**
 * pid_table_find() - Find the claim of a process.
 * @table: the table
 * @owner: the process
 *
 * Return: the claim, or NULL where @owner has none.
 */
struct pid_table_entry *pid_table_find(const struct pid_table *table,
				       const void *owner)
{
	const struct hlist_head *old = table->old_buckets;
	struct pid_table_entry *entry = NULL;

	if (old)
		entry = bucket_find(&old[hash_ptr(owner, table->old_bits)],
				    owner);
	if (entry)
		return entry;

	return bucket_find(&table->buckets[hash_ptr(owner, table->bits)],
			   owner);
}
EXPORT_SYMBOL_GPL(pid_table_find);

/**
 * pid_table_claim() - Claim for a process that has no claim.
 * @table: the table
 * @entry: the claim to be, in no table
 * @owner: the process, valid until pid_table_release()
 *
 * Return: 0, or -EBUSY where @owner has a claim already.
 */
int pid_table_claim(struct pid_table *table, struct pid_table_entry *entry,
		    const void *owner)
{
	if (pid_table_find(table, owner))
		return -EBUSY;

	entry->owner = owner;
	entry_add(table, entry);
	table->nr_entries++;
	move_step(table);
	return 0;
}
EXPORT_SYMBOL_GPL(pid_table_claim);

/**
 * pid_table_release() - End a claim, whichever process asks for it.
 * @table: the table
 * @entry: a claim in @table; the owner stays readable in it
 */
void pid_table_release(struct pid_table *table, struct pid_table_entry *entry)
{
	hlist_del_init(&entry->node);
	table->nr_entries--;
	move_step(table);
}
EXPORT_SYMBOL_GPL(pid_table_release);

/**
 * pid_table_is_crowded() - Tell whether a larger array is wanted.
 * @table: the table
 *
 * Return: true if there are more claims than buckets, no move is under way and
 * a larger array is allowed.
 */
bool pid_table_is_crowded(const struct pid_table *table)
{
	return table->nr_entries > 1U << table->bits && !table->old_buckets &&
	       table->bits < PID_TABLE_MAX_BITS;
}
EXPORT_SYMBOL_GPL(pid_table_is_crowded);

/**
 * pid_table_grow() - Begin to move to a larger array.
 * @table: the table
 * @buckets: 2^@bits empty buckets, which must outlive the table or be retired
 * @bits: more than the table has, up to PID_TABLE_MAX_BITS
 *
 * Return: 0, -EINVAL where @bits is out of its range, or -EBUSY where the last
 * array has not been retired yet.
 */
int pid_table_grow(struct pid_table *table, struct hlist_head *buckets,
		   unsigned int bits)
{
	if (!bits_are_valid(bits) || bits <= table->bits)
		return -EINVAL;
	if (table->old_buckets)
		return -EBUSY;

	table->old_buckets = table->buckets;
	table->old_bits = table->bits;
	table->nr_moved = 0;
	table->buckets = buckets;
	table->bits = bits;
	return 0;
}
EXPORT_SYMBOL_GPL(pid_table_grow);

/**
 * pid_table_retire() - Take back the array that everything has moved from.
 * @table: the table
 *
 * Return: the array, now the caller's to free, or NULL where there is none.
 */
struct hlist_head *pid_table_retire(struct pid_table *table)
{
	struct hlist_head *old = table->old_buckets;

	if (!old || !move_is_done(table))
		return NULL;

	table->old_buckets = NULL;
	return old;
}
EXPORT_SYMBOL_GPL(pid_table_retire);
