// SPDX-License-Identifier: GPL-2.0
/*
 * Sequence iterator tests - every position, calls in any order, and the end
 */
#include <kunit/test.h>
#include <linux/limits.h>
#include <linux/prandom.h>
#include <linux/types.h>

#include "seq_iter.h"

#define FIRST		40
#define LENGTH		5
#define RANDOM_SEED	20010104
#define RANDOM_OPS	20000

static const struct start_case {
	const char *desc;
	u64 first;
	u64 length;
	long long pos;
	bool is_there;
	u64 value;
} start_cases[] = {
	{ "the first of one", 0, 1, 0, true, 0 },
	{ "behind the first of one", 0, 1, 1, false },
	{ "the first of none", 7, 0, 0, false },
	{ "the first of five", FIRST, LENGTH, 0, true, 40 },
	{ "the middle of five", FIRST, LENGTH, 2, true, 42 },
	{ "the last of five", FIRST, LENGTH, 4, true, 44 },
	{ "the end of five", FIRST, LENGTH, 5, false },
	{ "behind the end of five", FIRST, LENGTH, 6, false },
	{ "far behind the end", FIRST, LENGTH, LLONG_MAX, false },
	{ "before the start", FIRST, LENGTH, -1, false },
	{ "far before the start", FIRST, LENGTH, LLONG_MIN, false },
	{ "before the start of the longest", 0, LLONG_MAX, -1, false },
	{ "far before the start of the longest", 0, LLONG_MAX, LLONG_MIN, false },
	{ "the last of the longest", 0, LLONG_MAX, LLONG_MAX - 1, true, LLONG_MAX - 1 },
	{ "the end of the longest", 0, LLONG_MAX, LLONG_MAX, false },
	{ "a number that wraps", U64_MAX, 2, 1, true, 0 },
};

KUNIT_ARRAY_PARAM_DESC(start, start_cases, desc);

static void expect_value(struct kunit *test, const u64 *found, bool is_there,
			 u64 value)
{
	if (!is_there) {
		KUNIT_EXPECT_NULL(test, found);
		return;
	}
	KUNIT_ASSERT_NOT_NULL(test, found);
	KUNIT_EXPECT_EQ(test, *found, value);
}

static void seq_iter_test_start_at_position(struct kunit *test)
{
	const struct start_case *param = test->param_value;
	struct seq_iter iter;

	seq_iter_init(&iter, param->first, param->length);
	expect_value(test, seq_iter_start(&iter, param->pos), param->is_there,
		     param->value);
	expect_value(test, seq_iter_start(&iter, param->pos), param->is_there,
		     param->value);
}

static void seq_iter_test_next_to_the_end(struct kunit *test)
{
	struct seq_iter iter;
	long long pos = 0;
	u64 *value;
	u64 i;

	seq_iter_init(&iter, FIRST, LENGTH);
	value = seq_iter_start(&iter, pos);
	for (i = 0; i < LENGTH; i++) {
		expect_value(test, value, true, FIRST + i);
		value = seq_iter_next(&iter, &pos);
		KUNIT_EXPECT_EQ(test, pos, i + 1);
	}
	KUNIT_EXPECT_NULL(test, value);
}

static void seq_iter_test_next_at_the_end_moves_on(struct kunit *test)
{
	struct seq_iter iter;
	long long pos = LENGTH;

	seq_iter_init(&iter, FIRST, LENGTH);
	KUNIT_EXPECT_NULL(test, seq_iter_start(&iter, pos));
	KUNIT_EXPECT_NULL(test, seq_iter_next(&iter, &pos));
	KUNIT_EXPECT_EQ(test, pos, LENGTH + 1);
}

/*
 * A reader may call start and next in any order: the value depends only on the
 * position.
 */
static void seq_iter_test_random_against_model(struct kunit *test)
{
	struct rnd_state rnd;
	struct seq_iter iter;
	long long pos = 0;
	u64 *value;
	u32 op;

	prandom_seed_state(&rnd, RANDOM_SEED);
	seq_iter_init(&iter, FIRST, LENGTH);
	for (op = 0; op < RANDOM_OPS; op++) {
		if (prandom_u32_state(&rnd) % 3 == 0) {
			pos = prandom_u32_state(&rnd) % (2 * LENGTH);
			value = seq_iter_start(&iter, pos);
		} else {
			value = seq_iter_next(&iter, &pos);
		}
		expect_value(test, value, pos < LENGTH, FIRST + pos);
	}
}

static struct kunit_case seq_iter_test_cases[] = {
	KUNIT_CASE_PARAM(seq_iter_test_start_at_position, start_gen_params),
	KUNIT_CASE(seq_iter_test_next_to_the_end),
	KUNIT_CASE(seq_iter_test_next_at_the_end_moves_on),
	KUNIT_CASE(seq_iter_test_random_against_model),
	{}
};

static struct kunit_suite seq_iter_test_suite = {
	.name = "seq_iter",
	.test_cases = seq_iter_test_cases,
};

kunit_test_suite(seq_iter_test_suite);
