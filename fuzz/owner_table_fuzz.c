// SPDX-License-Identifier: GPL-2.0
/*
 * Owner table target - claims, releases and moves, compared with a flag per owner
 */
#include <errno.h>

#include "fuzz.h"
#include "owner_table.h"

#define NR_OWNERS	32
/* The largest array that this target allocates. */
#define FUZZ_MAX_BITS	9
#define MIN_BITS	1
#define MAX_BITS	22
#define STEP		4

struct model {
	bool held[NR_OWNERS];
	u32 nr_held;
	unsigned int bits;
	/* Steps that a move still takes, or -1 if there is no old array. */
	int nr_steps;
};

struct state {
	struct owner_table table;
	struct owner_table_entry entries[NR_OWNERS];
	struct model model;
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
 * Counts the steps that the move still takes once @missing is released.  A step
 * moves one entry or skips one empty bucket.
 */
static int count_steps(const struct owner_table *table,
		       const struct hlist_node *missing)
{
	const struct hlist_head *old = table->old_buckets;
	struct hlist_node *node;
	int steps = 0;
	u32 i, length;

	for (i = 0; old && i < 1u << table->old_bits; i++) {
		length = 0;
		hlist_for_each(node, &old[i])
			length += node != missing;
		if (i < table->nr_moved)
			expect_eq(length, 0, "claims in a bucket that was left");
		else
			steps += length ? length : 1;
	}
	return old ? steps : -1;
}

static void model_step(struct model *model)
{
	if (model->nr_steps > 0)
		model->nr_steps -= model->nr_steps < STEP ? model->nr_steps : STEP;
}

static void try_claim(struct state *state, u32 i)
{
	struct model *model = &state->model;
	struct owner_table_entry entry = {}, *claimed = &state->entries[i];
	const struct owner_table before = state->table;

	if (model->held[i]) {
		expect_eq(owner_table_claim(&state->table, &entry, owner_at(i)),
			  -EBUSY, "result of a second claim");
		expect_eq(!entry.owner && !entry.node.next && !entry.node.pprev, 1,
			  "untouched entry");
		expect_eq(memcmp(&before, &state->table, sizeof(before)), 0,
			  "change by an error");
		return;
	}
	expect_eq(owner_table_claim(&state->table, claimed, owner_at(i)), 0,
		  "result of a claim");
	model->held[i] = true;
	model->nr_held++;
	model_step(model);
}

static void try_release(struct state *state, u32 i)
{
	struct model *model = &state->model;

	if (!model->held[i])
		return;
	model->nr_steps = count_steps(&state->table, &state->entries[i].node);
	owner_table_release(&state->table, &state->entries[i]);
	expect_eq(state->entries[i].owner == owner_at(i), 1, "readable owner");
	model->held[i] = false;
	model->nr_held--;
	model_step(model);
}

static int model_grow(struct model *model, unsigned int bits)
{
	if (bits < MIN_BITS || bits > MAX_BITS || bits <= model->bits)
		return -EINVAL;
	if (model->nr_steps >= 0)
		return -EBUSY;
	model->bits = bits;
	return 0;
}

static void try_grow(struct state *state, unsigned int bits)
{
	const struct owner_table before = state->table;
	struct hlist_head *buckets = NULL;
	int err;

	if (bits > FUZZ_MAX_BITS && bits <= MAX_BITS)
		return;
	if (bits <= FUZZ_MAX_BITS)
		buckets = buckets_alloc(bits);

	err = owner_table_grow(&state->table, buckets, bits);
	expect_eq(err, model_grow(&state->model, bits), "result of grow");
	if (!err) {
		state->model.nr_steps = count_steps(&state->table, NULL);
		return;
	}
	expect_eq(memcmp(&before, &state->table, sizeof(before)), 0,
		  "change by an error");
	free(buckets);
}

static void try_retire(struct state *state)
{
	struct hlist_head *want = NULL;
	struct hlist_head *got;

	if (state->model.nr_steps == 0)
		want = state->table.old_buckets;
	got = owner_table_retire(&state->table);
	expect_eq(got == want, 1, "array retired");
	if (!got)
		return;
	state->model.nr_steps = -1;
	free(got);
}

/* is_crowded reads numbers only, so it is tested for tables of any size. */
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
	const struct model *model = &state->model;
	struct owner_table_entry *entry;
	u32 i;

	expect_eq(state->table.nr_entries, model->nr_held, "number of claims");
	expect_eq(state->table.bits, model->bits, "bits");
	expect_eq(owner_table_is_crowded(&state->table),
		  model->nr_held > 1u << model->bits && model->nr_steps < 0,
		  "is_crowded");
	expect_eq(count_steps(&state->table, NULL), model->nr_steps,
		  "steps that the move still takes");
	for (i = 0; i < NR_OWNERS; i++) {
		entry = owner_table_find(&state->table, owner_at(i));
		expect_eq(entry == (model->held[i] ? &state->entries[i] : NULL),
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
	state->model.nr_steps = -1;

	/* This size is never allocated here, and random input rarely has it. */
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
