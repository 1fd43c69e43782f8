// SPDX-License-Identifier: GPL-2.0
/*
 * Owner table tests - every error, every stage of a move, and a million claims
 *
 * The table only compares owners, so an owner may be any pointer.  Most entries
 * here have their own address as their owner.
 */
#include <kunit/test.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#include "owner_table.h"
#include "owner_table_chains.h"
#include "owner_table_model.h"

/*
 * More than 2 * NR_SMALL, so that one bucket of the small array has at least 3
 * entries.
 */
#define NR_OWNERS	20
#define NR_SMALL	8
#define NR_LARGE	64
#define POISON		0x5a
#define RANDOM_SEED	19880701
#define RANDOM_OPS	20000

/*
 * The longest chain of entries that a test accepts.  If there are at least as
 * many buckets as claims, the lengths of the chains have a Poisson distribution
 * with a mean of at most 1.  Of 2^20 buckets, 0.0001 are then expected to have
 * more than 12 entries.
 */
#define WORST_CHAIN	12

struct owner_table_context {
	struct owner_table table;
	struct hlist_head small[NR_SMALL];
	struct hlist_head large[NR_LARGE];
	u32 nr_steps;
	struct owner_table_entry entries[NR_OWNERS];
	struct owner_table_entry guest;
};

static const struct grow_case {
	const char *desc;
	unsigned int from;
	unsigned int to;
	int err;
} grow_cases[] = {
	{ "to one bucket", 3, 0, -EINVAL },
	{ "to fewer buckets", 3, 2, -EINVAL },
	{ "to as many buckets", 3, 3, -EINVAL },
	{ "to twice the buckets", 3, 4, 0 },
	{ "to eight times the buckets", 3, 6, 0 },
	{ "to the largest array", 3, 22, 0 },
	{ "to more than the largest array", 3, 23, -EINVAL },
	{ "to more buckets than can be counted", 3, UINT_MAX, -EINVAL },
	{ "from the largest array", 22, 23, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(grow, grow_cases, desc);

/*
 * Each call makes up to four steps, so moving 20 claims takes five calls.  It
 * takes up to seven calls if some of the buckets are empty, because skipping an
 * empty bucket is a step, too.
 */
static const struct move_case {
	const char *desc;
	unsigned int from;
	unsigned int to;
	u32 nr_calls;
} moves[] = {
	{ "two buckets to four, before the first call", 1, 2, 0 },
	{ "two buckets to four, after one call", 1, 2, 1 },
	{ "two buckets to four, after four calls", 1, 2, 4 },
	{ "two buckets to four, after five calls", 1, 2, 5 },
	{ "two buckets to four, after six calls", 1, 2, 6 },
	{ "two buckets to 64, before the first call", 1, 6, 0 },
	{ "two buckets to 64, after one call", 1, 6, 1 },
	{ "two buckets to 64, after four calls", 1, 6, 4 },
	{ "two buckets to 64, after five calls", 1, 6, 5 },
	{ "two buckets to 64, after six calls", 1, 6, 6 },
	{ "eight buckets to 16, before the first call", 3, 4, 0 },
	{ "eight buckets to 16, after one call", 3, 4, 1 },
	{ "eight buckets to 16, after two calls", 3, 4, 2 },
	{ "eight buckets to 16, after three calls", 3, 4, 3 },
	{ "eight buckets to 16, after four calls", 3, 4, 4 },
	{ "eight buckets to 16, after five calls", 3, 4, 5 },
	{ "eight buckets to 16, after six calls", 3, 4, 6 },
	{ "eight buckets to 16, after seven calls", 3, 4, 7 },
	{ "eight buckets to 16, after eight calls", 3, 4, 8 },
	{ "eight buckets to 64, before the first call", 3, 6, 0 },
	{ "eight buckets to 64, after one call", 3, 6, 1 },
	{ "eight buckets to 64, after two calls", 3, 6, 2 },
	{ "eight buckets to 64, after four calls", 3, 6, 4 },
	{ "eight buckets to 64, after five calls", 3, 6, 5 },
	{ "eight buckets to 64, after six calls", 3, 6, 6 },
	{ "eight buckets to 64, after seven calls", 3, 6, 7 },
	{ "eight buckets to 64, after eight calls", 3, 6, 8 },
};

KUNIT_ARRAY_PARAM_DESC(move, moves, desc);

static const struct crowded_case {
	const char *desc;
	u32 nr_entries;
	unsigned int bits;
	bool moving;
	bool crowded;
} crowded_cases[] = {
	{ "no claims in two buckets", 0, 1, false, false },
	{ "two claims in two buckets", 2, 1, false, false },
	{ "three claims in two buckets", 3, 1, false, true },
	{ "three claims in two buckets during a move", 3, 1, true, false },
	{ "too many for the largest array but one", (1 << 21) + 1, 21, false, true },
	{ "too many for the largest array", (1 << 22) + 1, 22, false, false },
};

KUNIT_ARRAY_PARAM_DESC(crowded, crowded_cases, desc);

static const struct size_case {
	const char *desc;
	u32 nr_owners;
} sizes[] = {
	{ "one owner", 1 },
	{ "a hundred owners", 100 },
	{ "ten thousand owners", 10000 },
	{ "a million owners", 1000000 },
};

KUNIT_ARRAY_PARAM_DESC(size, sizes, desc);

static int owner_table_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct owner_table_context),
				   GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, test->priv);
	return 0;
}

/* Makes an empty table of 2^@bits buckets; 2^@bits is at most NR_SMALL. */
static struct owner_table_context *begin(struct kunit *test, unsigned int bits)
{
	struct owner_table_context *ctx = test->priv;

	memset(ctx, 0, sizeof(*ctx));
	KUNIT_ASSERT_EQ(test, owner_table_init(&ctx->table, ctx->small, bits), 0);
	return ctx;
}

/*
 * Makes a claim for each owner and starts a move.  Then claims and releases a
 * guest entry in turn, as many times as the case says.  Each of these calls
 * advances the move.
 */
static struct owner_table_context *begin_move(struct kunit *test)
{
	const struct move_case *move = test->param_value;
	struct owner_table_context *ctx = begin(test, move->from);
	struct owner_table *table = &ctx->table;
	u32 i;

	for (i = 0; i < NR_OWNERS; i++)
		KUNIT_ASSERT_EQ(test, owner_table_claim(table, &ctx->entries[i],
							&ctx->entries[i]), 0);

	KUNIT_ASSERT_EQ(test, owner_table_grow(table, ctx->large, move->to), 0);
	ctx->nr_steps = count_steps_left(table, NULL);
	for (i = 0; i < move->nr_calls; i++) {
		if (i % 2)
			owner_table_release(table, &ctx->guest);
		else
			owner_table_claim(table, &ctx->guest, &ctx->guest);
	}
	return ctx;
}

static void expect_all_found_except(struct kunit *test,
				    const struct owner_table_entry *missing)
{
	struct owner_table_context *ctx = test->priv;
	struct owner_table_entry *entry;

	for (entry = ctx->entries; entry < &ctx->entries[NR_OWNERS]; entry++)
		KUNIT_EXPECT_PTR_EQ(test, owner_table_find(&ctx->table, entry),
				    entry == missing ? NULL : entry);
}

static void owner_table_test_init_with_bits(struct kunit *test)
{
	struct owner_table_context *ctx = test->priv;
	const struct owner_table empty = { .buckets = ctx->large, .bits = 22 };

	memset(ctx, POISON, sizeof(*ctx));
	KUNIT_EXPECT_EQ(test, owner_table_init(&ctx->table, ctx->large, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, owner_table_init(&ctx->table, ctx->large, 23), -EINVAL);
	KUNIT_EXPECT_EQ(test, owner_table_init(&ctx->table, ctx->large, UINT_MAX), -EINVAL);
	KUNIT_EXPECT_NULL(test, memchr_inv(ctx, POISON, sizeof(*ctx)));

	KUNIT_EXPECT_EQ(test, owner_table_init(&ctx->table, ctx->large, 1), 0);
	KUNIT_EXPECT_EQ(test, owner_table_init(&ctx->table, ctx->large, 22), 0);
	KUNIT_EXPECT_MEMEQ(test, &ctx->table, &empty, sizeof(empty));
}

static void owner_table_test_claim_and_release(struct kunit *test)
{
	struct owner_table_context *ctx = begin(test, 1);
	struct owner_table_entry *first = &ctx->entries[0];
	struct owner_table_entry *second = &ctx->entries[1];

	KUNIT_EXPECT_NULL(test, owner_table_find(&ctx->table, ctx));

	KUNIT_EXPECT_EQ(test, owner_table_claim(&ctx->table, first, ctx), 0);
	KUNIT_EXPECT_EQ(test, owner_table_claim(&ctx->table, second, ctx), -EBUSY);
	KUNIT_EXPECT_EQ(test, ctx->table.nr_entries, 1);

	owner_table_release(&ctx->table, first);
	KUNIT_EXPECT_EQ(test, ctx->table.nr_entries, 0);
	KUNIT_EXPECT_PTR_EQ(test, first->owner, (const void *)ctx);

	KUNIT_EXPECT_EQ(test, owner_table_claim(&ctx->table, second, ctx), 0);
	KUNIT_EXPECT_PTR_EQ(test, owner_table_find(&ctx->table, ctx), second);
}

static void owner_table_test_find_during_move(struct kunit *test)
{
	const struct move_case *move = test->param_value;
	struct owner_table_context *ctx = begin_move(test);

	expect_all_found_except(test, NULL);
	KUNIT_EXPECT_PTR_EQ(test, owner_table_find(&ctx->table, &ctx->guest),
			    move->nr_calls % 2 ? &ctx->guest : NULL);
}

static void owner_table_test_claim_twice_during_move(struct kunit *test)
{
	struct owner_table_context *ctx = begin_move(test);
	const struct owner_table before = ctx->table;
	struct owner_table_entry twin;
	u32 i;

	memset(&twin, POISON, sizeof(twin));
	for (i = 0; i < NR_OWNERS; i++)
		KUNIT_EXPECT_EQ(test, owner_table_claim(&ctx->table, &twin,
							&ctx->entries[i]), -EBUSY);
	KUNIT_EXPECT_NULL(test, memchr_inv(&twin, POISON, sizeof(twin)));
	KUNIT_EXPECT_MEMEQ(test, &ctx->table, &before, sizeof(before));
}

static void owner_table_test_release_during_move(struct kunit *test)
{
	const struct move_case *move = test->param_value;
	struct owner_table_context *ctx;
	u32 i;

	for (i = 0; i < NR_OWNERS; i++) {
		ctx = begin_move(test);
		owner_table_release(&ctx->table, &ctx->entries[i]);
		KUNIT_EXPECT_EQ(test, ctx->table.nr_entries,
				NR_OWNERS - 1 + move->nr_calls % 2);
		expect_all_found_except(test, &ctx->entries[i]);
	}
}

static void owner_table_test_move_four_entries_a_call(struct kunit *test)
{
	const struct move_case *move = test->param_value;
	struct owner_table_context *ctx = begin_move(test);
	const u32 nr_made = min(ctx->nr_steps, 4 * move->nr_calls);
	u32 i;

	KUNIT_EXPECT_GE(test, ctx->nr_steps, NR_OWNERS);
	KUNIT_EXPECT_EQ(test, count_steps_left(&ctx->table, NULL), ctx->nr_steps - nr_made);
	for (i = 0; i < ctx->table.nr_moved; i++)
		KUNIT_EXPECT_EQ(test, chain_length(&ctx->small[i], NULL), 0);
}

static void owner_table_test_grow_to_bits(struct kunit *test)
{
	const struct grow_case *param = test->param_value;
	struct owner_table_context *ctx = test->priv;
	const struct owner_table before = {
		.buckets = ctx->small, .bits = param->from, .nr_moved = 7,
	};
	const struct owner_table after = {
		.buckets = ctx->large, .bits = param->to,
		.old_buckets = ctx->small, .old_bits = param->from,
	};

	ctx->table = before;
	KUNIT_EXPECT_EQ(test, owner_table_grow(&ctx->table, ctx->large, param->to),
			param->err);
	KUNIT_EXPECT_MEMEQ(test, &ctx->table, param->err ? &before : &after,
			   sizeof(after));
}

static void owner_table_test_grow_and_retire_during_move(struct kunit *test)
{
	struct owner_table *table = &begin_move(test)->table;
	const struct owner_table before = *table;
	struct hlist_head *old = table->old_buckets;
	const bool done = !count_steps_left(table, NULL);

	KUNIT_EXPECT_EQ(test, owner_table_grow(table, old, 22), -EBUSY);
	KUNIT_EXPECT_MEMEQ(test, table, &before, sizeof(before));

	KUNIT_EXPECT_PTR_EQ(test, owner_table_retire(table), done ? old : NULL);
	KUNIT_EXPECT_NULL(test, owner_table_retire(table));
	expect_all_found_except(test, NULL);
	KUNIT_EXPECT_EQ(test, owner_table_grow(table, old, 22), done ? 0 : -EBUSY);
}

static void owner_table_test_is_crowded_at_limits(struct kunit *test)
{
	const struct crowded_case *param = test->param_value;
	struct owner_table_context *ctx = test->priv;
	const struct owner_table table = {
		.old_buckets = param->moving ? ctx->small : NULL,
		.nr_entries = param->nr_entries,
		.bits = param->bits,
	};

	KUNIT_EXPECT_EQ(test, owner_table_is_crowded(&table), param->crowded);
}

KUNIT_DEFINE_ACTION_WRAPPER(kvfree_action, kvfree, const void *);

static void *zeroed_array(struct kunit *test, size_t nr, size_t size)
{
	void *array = kvcalloc(nr, size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, array);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, kvfree_action,
							array), 0);
	return array;
}

/*
 * Makes a table with @nr_owners claims.  As in a module, the table doubles as
 * soon as it is crowded.
 */
static struct owner_table *begin_grown(struct kunit *test, u32 nr_owners)
{
	struct owner_table *table = &begin(test, 1)->table;
	struct owner_table_entry *entries;
	struct hlist_head *buckets;
	u32 i;

	entries = zeroed_array(test, nr_owners, sizeof(*entries));
	for (i = 0; i < nr_owners; i++) {
		KUNIT_ASSERT_EQ(test, owner_table_claim(table, &entries[i],
							scattered(i)), 0);
		/* A move ends before the table is crowded again. */
		if (table->old_buckets)
			KUNIT_ASSERT_LE(test, table->nr_entries, 1U << table->bits);
		if (owner_table_is_crowded(table)) {
			buckets = zeroed_array(test, 2U << table->bits, sizeof(*buckets));
			owner_table_grow(table, buckets, table->bits + 1);
		}
		owner_table_retire(table);
	}
	return table;
}

/*
 * Adds to @steps the number of comparisons that it takes to find each entry of
 * an array once.  Returns the length of the longest chain.
 */
static u32 walk(const struct hlist_head *buckets, unsigned int bits, u64 *steps)
{
	u32 i, length, worst = 0;

	for (i = 0; buckets && i < 1U << bits; i++) {
		length = chain_length(&buckets[i], NULL);
		worst = max(worst, length);
		*steps += length * (length + 1) / 2;
	}
	return worst;
}

static void owner_table_test_find_takes_few_steps(struct kunit *test)
{
	const struct size_case *size = test->param_value;
	const struct owner_table *table = begin_grown(test, size->nr_owners);
	u64 steps = 0;
	u32 worst = max(walk(table->buckets, table->bits, &steps),
			walk(table->old_buckets, table->old_bits, &steps));

	kunit_info(test, "steps to find: %llu for %u owners, %u at worst",
		   steps, size->nr_owners, worst);
	KUNIT_EXPECT_LE(test, steps, 2 * size->nr_owners);
	KUNIT_EXPECT_LE(test, worst, WORST_CHAIN);
}

static void claim_or_release(struct kunit *test, struct owner_table_model *model,
			     u32 i, bool is_claim)
{
	struct owner_table_context *ctx = test->priv;
	struct owner_table_entry *entry = &ctx->entries[i];
	struct owner_table_entry twin;
	u32 nr_steps;

	if (is_claim) {
		KUNIT_ASSERT_EQ(test,
				owner_table_claim(&ctx->table,
						  model->is_held[i] ? &twin : entry,
						  entry),
				owner_table_model_claim(model, i));
	} else if (model->is_held[i]) {
		nr_steps = count_steps_left(&ctx->table, &entry->node);
		owner_table_release(&ctx->table, entry);
		owner_table_model_release(model, i, nr_steps);
	}
}

static void assert_like_model(struct kunit *test,
			      const struct owner_table_model *model)
{
	struct owner_table_context *ctx = test->priv;
	struct owner_table *table = &ctx->table;
	u32 i;

	KUNIT_ASSERT_EQ(test, table->bits, model->bits);
	KUNIT_ASSERT_EQ(test, table->nr_entries, owner_table_model_count(model));
	KUNIT_ASSERT_EQ(test, count_steps_left(table, NULL), model->nr_steps);
	KUNIT_ASSERT_EQ(test, owner_table_is_crowded(table),
			owner_table_model_is_crowded(model));
	for (i = 0; i < NR_OWNERS; i++)
		KUNIT_ASSERT_PTR_EQ(test, owner_table_find(table, &ctx->entries[i]),
				    model->is_held[i] ? &ctx->entries[i] : NULL);
}

static void owner_table_test_random_against_model(struct kunit *test)
{
	struct owner_table_context *ctx = test->priv;
	struct owner_table_model model = {};
	struct rnd_state rnd;
	u32 op, bits, r;

	static_assert(NR_OWNERS <= OWNER_TABLE_MODEL_NR_OWNERS);
	prandom_seed_state(&rnd, RANDOM_SEED);
	for (op = 0; op < RANDOM_OPS; op++) {
		r = prandom_u32_state(&rnd);
		bits = 1 + r % 3;
		if (op % 50 == 0) {
			begin(test, bits);
			model = (struct owner_table_model){ .bits = bits };
		} else if (op % 50 == 25) {
			KUNIT_ASSERT_EQ(test,
					owner_table_grow(&ctx->table, ctx->large, 3 + bits),
					owner_table_model_grow(&model, 3 + bits,
							       count_steps(ctx->small, model.bits,
									   0, NULL)));
		}
		claim_or_release(test, &model, r / 8 % NR_OWNERS, r >> 31);
		assert_like_model(test, &model);
		KUNIT_ASSERT_PTR_EQ(test, owner_table_retire(&ctx->table),
				    owner_table_model_retire(&model) ? &ctx->small[0] : NULL);
	}
}

static struct kunit_case owner_table_test_cases[] = {
	KUNIT_CASE(owner_table_test_init_with_bits),
	KUNIT_CASE(owner_table_test_claim_and_release),
	KUNIT_CASE_PARAM(owner_table_test_find_during_move, move_gen_params),
	KUNIT_CASE_PARAM(owner_table_test_claim_twice_during_move, move_gen_params),
	KUNIT_CASE_PARAM(owner_table_test_release_during_move, move_gen_params),
	KUNIT_CASE_PARAM(owner_table_test_move_four_entries_a_call, move_gen_params),
	KUNIT_CASE_PARAM(owner_table_test_grow_to_bits, grow_gen_params),
	KUNIT_CASE_PARAM(owner_table_test_grow_and_retire_during_move, move_gen_params),
	KUNIT_CASE_PARAM(owner_table_test_is_crowded_at_limits, crowded_gen_params),
	KUNIT_CASE_PARAM(owner_table_test_find_takes_few_steps, size_gen_params),
	KUNIT_CASE(owner_table_test_random_against_model),
	{}
};

static struct kunit_suite owner_table_test_suite = {
	.name = "owner_table",
	.init = owner_table_test_init,
	.test_cases = owner_table_test_cases,
};

kunit_test_suite(owner_table_test_suite);
