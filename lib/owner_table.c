// SPDX-License-Identifier: GPL-2.0
/*
 * Owner table - hash table of claims, at most one for each process
 *
 * The table grows in small steps, as in Per-Ake Larson's linear hashing
 * ("Dynamic hash tables", Communications of the ACM 31(4), 1988).  Linear
 * hashing extends one array in place.  Here the caller passes a larger array,
 * so the entries move from the old array to the new one.
 */
#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/types.h>

#include "owner_table.h"

static bool bits_are_valid(unsigned int bits)
{
	return bits >= OWNER_TABLE_MIN_BITS && bits <= OWNER_TABLE_MAX_BITS;
}

static bool move_is_done(const struct owner_table *table)
{
	return table->nr_moved == 1U << table->old_bits;
}

static struct owner_table_entry *bucket_find(const struct hlist_head *bucket,
					     const void *owner)
{
	struct owner_table_entry *entry;

	hlist_for_each_entry(entry, bucket, node) {
		if (entry->owner == owner)
			return entry;
	}
	return NULL;
}

static void entry_add(struct owner_table *table, struct owner_table_entry *entry)
{
	u32 i = hash_ptr(entry->owner, table->bits);

	hlist_add_head(&entry->node, &table->buckets[i]);
}

/*
 * Moves one entry out of the current old bucket, if that has one.  Advances to
 * the next bucket if the current one is empty then.
 */
static void move_one(struct owner_table *table)
{
	struct hlist_head *bucket = &table->old_buckets[table->nr_moved];
	struct owner_table_entry *entry;

	if (!hlist_empty(bucket)) {
		entry = hlist_entry(bucket->first, struct owner_table_entry,
				    node);
		hlist_del(&entry->node);
		entry_add(table, entry);
	}
	if (hlist_empty(bucket))
		table->nr_moved++;
}

static void move_step(struct owner_table *table)
{
	int i;

	if (!table->old_buckets)
		return;

	for (i = 0; i < OWNER_TABLE_STEP && !move_is_done(table); i++)
		move_one(table);
}

/**
 * owner_table_init() - Make a table without claims.
 * @table: the table
 * @buckets: array of 2^@bits empty buckets, which must stay valid while the
 *	table is used, or until owner_table_retire() returns it
 * @bits: log2 of the number of buckets,
 *	OWNER_TABLE_MIN_BITS..OWNER_TABLE_MAX_BITS
 *
 * Return: 0, or -EINVAL if @bits is out of its range.
 */
int owner_table_init(struct owner_table *table, struct hlist_head *buckets,
		     unsigned int bits)
{
	if (!bits_are_valid(bits))
		return -EINVAL;

	*table = (struct owner_table){ .buckets = buckets, .bits = bits };
	return 0;
}

/**
 * owner_table_find() - Find the claim of a process.
 * @table: the table
 * @owner: the process
 *
 * Return: the claim, or NULL if @owner has none.
 */
struct owner_table_entry *owner_table_find(const struct owner_table *table,
					   const void *owner)
{
	const struct hlist_head *old = table->old_buckets;
	struct owner_table_entry *entry = NULL;

	if (old)
		entry = bucket_find(&old[hash_ptr(owner, table->old_bits)],
				    owner);
	if (entry)
		return entry;

	return bucket_find(&table->buckets[hash_ptr(owner, table->bits)],
			   owner);
}

/**
 * owner_table_claim() - Add a claim for a process that has none.
 * @table: the table
 * @entry: the new claim, which is not in a table
 * @owner: pointer that identifies the process; it must stay valid until
 *	owner_table_release()
 *
 * Return: 0, or -EBUSY if @owner has a claim already.
 */
int owner_table_claim(struct owner_table *table, struct owner_table_entry *entry,
		      const void *owner)
{
	if (owner_table_find(table, owner))
		return -EBUSY;

	entry->owner = owner;
	entry_add(table, entry);
	table->nr_entries++;
	move_step(table);
	return 0;
}

/**
 * owner_table_release() - Remove a claim, which any process may do.
 * @table: the table
 * @entry: a claim in @table; its @owner can still be read after the call
 */
void owner_table_release(struct owner_table *table, struct owner_table_entry *entry)
{
	hlist_del_init(&entry->node);
	table->nr_entries--;
	move_step(table);
}

/**
 * owner_table_is_crowded() - Check whether the table needs a larger array.
 * @table: the table
 *
 * Return: true if there are more claims than buckets, no move is in progress,
 * and a larger array is allowed.
 */
bool owner_table_is_crowded(const struct owner_table *table)
{
	return table->nr_entries > 1U << table->bits && !table->old_buckets &&
	       table->bits < OWNER_TABLE_MAX_BITS;
}

/**
 * owner_table_grow() - Start to move the entries to a larger array.
 * @table: the table
 * @buckets: array of 2^@bits empty buckets, which must stay valid while the
 *	table is used, or until owner_table_retire() returns it
 * @bits: log2 of the number of @buckets; it must be larger than that of the
 *	current array, and at most OWNER_TABLE_MAX_BITS
 *
 * Return: 0, -EINVAL if @bits is out of its range, or -EBUSY if the previous
 * array has not been retired yet.
 */
int owner_table_grow(struct owner_table *table, struct hlist_head *buckets,
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

/**
 * owner_table_retire() - Get the old array back after all entries have moved.
 * @table: the table
 *
 * Return: the old array, which the caller may now free, or NULL if there is no
 * old array or some of its entries have not moved yet.
 */
struct hlist_head *owner_table_retire(struct owner_table *table)
{
	struct hlist_head *old = table->old_buckets;

	if (!old || !move_is_done(table))
		return NULL;

	table->old_buckets = NULL;
	return old;
}
