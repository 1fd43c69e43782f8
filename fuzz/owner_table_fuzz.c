// SPDX-License-Identifier: GPL-2.0
/*
 * Owner table target - claims, releases and moves, compared with a model
 */
#include <errno.h>

#include "fuzz.h"
#include "owner_table.h"
#include "owner_table_chains.h"
#include "owner_table_model.h"

#define NR_OWNERS	OWNER_TABLE_MODEL_NR_OWNERS
/*
 * log2 of the number of buckets of the largest array that this target
 * allocates.
 */
#define FUZZ_MAX_BITS	9
#define MIN_BITS	1
#define MAX_BITS	22

struct state {
	struct owner_table table;
	struct owner_table_entry entries[NR_OWNERS];
	struct owner_table_model model;
};

static const void *owner_at(u32 i)
{
	return (const void *)(0x1000ul + 0x40ul * i);
}

static struct hlist_head *buckets_alloc(unsigned int bits)
{
	const size_t size = sizeof(struct hlist_head) << bits;

	return memset(exactly(size), 0, size);
}

/*
 * The buckets that a move has passed must be empty.  The number of steps that
 * remain does not show an entry in them, because it only counts later buckets.
 */
static void expect_left_buckets_empty(const struct owner_table *table)
{
	u32 i;

	for (i = 0; table->old_buckets && i < table->nr_moved; i++)
		expect_eq(chain_length(&table->old_buckets[i], NULL), 0,
			  "claims in a bucket that was left");
}

static void try_claim(struct state *state, u32 i)
{
	struct owner_table_entry entry = {}, *claimed = &state->entries[i];
	const struct owner_table before = state->table;
	const bool is_held = state->model.is_held[i];

	expect_eq(owner_table_claim(&state->table, is_held ? &entry : claimed,
				    owner_at(i)),
		  owner_table_model_claim(&state->model, i), "result of a claim");
	if (!is_held)
		return;
	expect_eq(!entry.owner && !entry.node.next && !entry.node.pprev, 1,
		  "untouched entry");
	expect_eq(memcmp(&before, &state->table, sizeof(before)), 0,
		  "change by an error");
}

static void try_release(struct state *state, u32 i)
{
	struct owner_table_entry *entry = &state->entries[i];
	u32 nr_steps;

	if (!state->model.is_held[i])
		return;
	nr_steps = count_steps_left(&state->table, &entry->node);
	owner_table_release(&state->table, entry);
	expect_eq(entry->owner == owner_at(i), 1, "readable owner");
	owner_table_model_release(&state->model, i, nr_steps);
}

static void try_grow(struct state *state, unsigned int bits)
{
	const struct owner_table before = state->table;
	const u32 nr_steps = count_steps(before.buckets, before.bits, 0, NULL);
	struct hlist_head *buckets = NULL;
	int err;

	if (bits > FUZZ_MAX_BITS && bits <= MAX_BITS)
		return;
	if (bits <= FUZZ_MAX_BITS)
		buckets = buckets_alloc(bits);

	err = owner_table_grow(&state->table, buckets, bits);
	expect_eq(err, owner_table_model_grow(&state->model, bits, nr_steps),
		  "result of grow");
	if (!err)
		return;
	expect_eq(memcmp(&before, &state->table, sizeof(before)), 0,
		  "change by an error");
	free(buckets);
}

static void try_retire(struct state *state)
{
	struct hlist_head *old = state->table.old_buckets;
	struct hlist_head *got = owner_table_retire(&state->table);

	expect_eq(got == (owner_table_model_retire(&state->model) ? old : NULL), 1,
		  "array retired");
	free(got);
}

/*
 * owner_table_is_crowded() does not access buckets, so this tests it for tables
 * of any size, without buckets.
 */
static void ask_is_crowded(unsigned int bits, u32 nr_entries, bool moving)
{
	struct hlist_head old;
	const struct owner_table table = {
		.old_buckets = moving ? &old : NULL,
		.nr_entries = nr_entries,
		.bits = bits,
	};

	expect_eq(owner_table_is_crowded(&table),
		  nr_entries > 1u << bits && !moving && bits != MAX_BITS,
		  "is_crowded");
}

static void ask_about_a_table(struct input *in)
{
	const u8 choice = input_u8(in);
	const unsigned int bits = MIN_BITS + choice % MAX_BITS;
	const u32 nr_entries = input_u8(in) + (choice & 0x40 ? 1u << bits : 0);

	ask_is_crowded(bits, nr_entries, choice & 0x80);
}

static void operate(struct state *state, struct input *in)
{
	const u8 op = input_u8(in);
	const u32 i = input_u8(in) % NR_OWNERS;

	switch (op % 8) {
	case 0:
		try_grow(state, input_u8(in) & 0x80 ? input_u32(in) : i);
		break;
	case 1:
		try_retire(state);
		break;
	case 2:
		ask_about_a_table(in);
		break;
	case 3:
	case 4:
		try_release(state, i);
		break;
	default:
		try_claim(state, i);
		break;
	}
}

static void compare(struct state *state)
{
	const struct owner_table_model *model = &state->model;
	struct owner_table_entry *entry;
	u32 i;

	expect_eq(state->table.nr_entries, owner_table_model_count(model),
		  "number of claims");
	expect_eq(state->table.bits, model->bits, "bits");
	expect_eq(owner_table_is_crowded(&state->table),
		  owner_table_model_is_crowded(model), "is_crowded");
	expect_eq(!!state->table.old_buckets, model->is_moving, "is_moving");
	expect_eq(count_steps_left(&state->table, NULL), model->nr_steps,
		  "steps that the move still takes");
	expect_left_buckets_empty(&state->table);
	for (i = 0; i < NR_OWNERS; i++) {
		entry = owner_table_find(&state->table, owner_at(i));
		expect_eq(entry == (model->is_held[i] ? &state->entries[i] : NULL),
			  1, "claim found");
	}
}

static void begin(struct state *state, struct input *in)
{
	const unsigned int bits = MIN_BITS + input_u8(in) % 4;
	const unsigned int wrong = input_u8(in) & 1 ? MAX_BITS + 1 + input_u32(in) % 1000 : 0;

	expect_eq(owner_table_init(&state->table, NULL, wrong), -EINVAL,
		  "result of init with wrong bits");
	expect_eq(owner_table_init(&state->table, buckets_alloc(bits), bits), 0,
		  "result of init");
	state->model.bits = bits;

	/*
	 * A table of the largest size is never allocated here, and random input
	 * rarely tests one.
	 */
	ask_is_crowded(MAX_BITS, (1u << MAX_BITS) + 1, false);
}

int fuzz_target(const u8 *data, size_t size)
{
	struct input in = { .next = data, .left = size };
	struct state state = {};

	begin(&state, &in);
	compare(&state);
	while (in.left) {
		operate(&state, &in);
		compare(&state);
	}
	free(state.table.old_buckets);
	free(state.table.buckets);
	return 0;
}
