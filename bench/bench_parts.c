// SPDX-License-Identifier: GPL-2.0
/*
 * Bench parts - operations of parts of lib/, and of what the kernel has instead
 *
 * Each function runs an operation @nr_rounds times, and returns 0 or a negative
 * errno.  The caller serialises the calls.
 */
#include <linux/errno.h>
#include <linux/kfifo.h>
#include <linux/list.h>
#include <linux/types.h>
#include <linux/vmalloc.h>

#include "bench_base.h"
#include "bench_parts.h"
#include "deque.h"
#include "owner_table.h"
#include "owner_table_chains.h"

#define NR_SLOTS	128
#define FIRST_BITS	6
/* The number of owners that claim and release while the table is measured. */
#define NR_GUESTS	256

/**
 * struct owners - a table with @nr claims
 * @table: the table, which is empty until fill() has been called
 * @entries: the claims
 * @nr: number of claims
 */
struct owners {
	struct owner_table table;
	struct owner_table_entry *entries;
	u32 nr;
};

static struct owners many = { .nr = BENCH_BASE_OWNERS };
static struct owners one = { .nr = 1 };

static s32 slots[NR_SLOTS];
static struct deque deque;
static DEFINE_KFIFO(fifo, s32, NR_SLOTS);

/* Pushes a value and pops it again. */
int bench_parts_deque(unsigned long nr_rounds)
{
	s32 value;

	while (nr_rounds--) {
		if (deque_push_right(&deque, nr_rounds) ||
		    deque_pop_left(&deque, &value))
			return -EIO;
	}
	return 0;
}

/* Puts a value into a kfifo and gets it again. */
int bench_parts_kfifo(unsigned long nr_rounds)
{
	s32 value;

	while (nr_rounds--) {
		if (!kfifo_put(&fifo, nr_rounds) || !kfifo_get(&fifo, &value))
			return -EIO;
	}
	return 0;
}

static struct hlist_head *buckets_alloc(unsigned int bits)
{
	return vzalloc(array_size(1U << bits, sizeof(struct hlist_head)));
}

static int grow(struct owner_table *table)
{
	const unsigned int bits = table->bits + 1;
	struct hlist_head *buckets = buckets_alloc(bits);

	return buckets ? owner_table_grow(table, buckets, bits) : -ENOMEM;
}

static int claim_all(struct owners *owners)
{
	struct owner_table *table = &owners->table;
	int err;
	u32 i;

	for (i = 0; i < owners->nr; i++) {
		err = owner_table_claim(table, &owners->entries[i],
					scattered(i));
		if (!err && owner_table_is_crowded(table))
			err = grow(table);
		if (err)
			return err;
		vfree(owner_table_retire(table));
	}
	/* A claim that moves entries would take longer. */
	return table->old_buckets ? -EIO : 0;
}

/* bench_parts_destroy() frees the memory, also after an error. */
static int fill(struct owners *owners)
{
	struct hlist_head *buckets = buckets_alloc(FIRST_BITS);

	owners->entries = vzalloc(array_size(owners->nr,
					     sizeof(*owners->entries)));
	if (!buckets || !owners->entries) {
		vfree(buckets);
		return -ENOMEM;
	}
	owner_table_init(&owners->table, buckets, FIRST_BITS);
	return claim_all(owners);
}

/* Makes a claim next to those in the table and releases it again. */
static int claim_and_release(struct owners *owners, unsigned long nr_rounds)
{
	struct owner_table_entry guest = {};

	if (!owners->entries) {
		int err = fill(owners);

		if (err)
			return err;
	}
	while (nr_rounds--) {
		const void *owner = scattered(owners->nr +
					      nr_rounds % NR_GUESTS);

		if (owner_table_claim(&owners->table, &guest, owner))
			return -EIO;
		owner_table_release(&owners->table, &guest);
	}
	return 0;
}

int bench_parts_owners_many(unsigned long nr_rounds)
{
	return claim_and_release(&many, nr_rounds);
}

int bench_parts_owners_one(unsigned long nr_rounds)
{
	return claim_and_release(&one, nr_rounds);
}

/* Returns the size of the entries and of the buckets. */
int bench_parts_owners_bytes(void)
{
	int err = claim_and_release(&many, 0);

	if (err)
		return err;
	return many.nr * sizeof(*many.entries) +
	       (sizeof(struct hlist_head) << many.table.bits);
}

int bench_parts_init(void)
{
	return deque_init(&deque, slots, NR_SLOTS, NR_SLOTS);
}

static void destroy(struct owners *owners)
{
	vfree(owners->table.old_buckets);
	vfree(owners->table.buckets);
	vfree(owners->entries);
}

void bench_parts_destroy(void)
{
	destroy(&one);
	destroy(&many);
}
