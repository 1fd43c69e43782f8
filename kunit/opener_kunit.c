// SPDX-License-Identifier: GPL-2.0
/*
 * Opener tests - every operation in every state
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <linux/types.h>

#include "opener.h"
#include "opener_model.h"

#define POISON		0x5a
#define RANDOM_SEED	19970601
#define RANDOM_OPS	20000

static int release(struct opener *opener)
{
	opener_release(opener);
	return 0;
}

static int shut(struct opener *opener)
{
	opener_shut(opener);
	return 0;
}

/* Only a file that is held may be released, so other releases have no case. */
static const struct operation_case {
	const char *desc;
	bool was_held;
	bool was_shut;
	int (*operate)(struct opener *opener);
	int ret;
	bool is_held;
	bool is_shut;
} operation_cases[] = {
	{ "claim when open", false, false, opener_claim, 0, true, false },
	{ "claim when held", true, false, opener_claim, -EBUSY, true, false },
	{ "claim when shut", false, true, opener_claim, -ENOENT, false, true },
	{ "claim when held and shut", true, true, opener_claim, -ENOENT, true, true },
	{ "release when held", true, false, release, 0, false, false },
	{ "release when held and shut", true, true, release, 0, false, true },
	{ "shut when open", false, false, shut, 0, false, true },
	{ "shut when held", true, false, shut, 0, true, true },
	{ "shut when shut", false, true, shut, 0, false, true },
	{ "shut when held and shut", true, true, shut, 0, true, true },
};

KUNIT_ARRAY_PARAM_DESC(operation, operation_cases, desc);

static void opener_test_init_on_rubbish(struct kunit *test)
{
	struct opener opener;

	memset(&opener, POISON, sizeof(opener));
	opener_init(&opener);

	KUNIT_EXPECT_NULL(test, memchr_inv(&opener, 0, sizeof(opener)));
}

static void opener_test_operate_in_state(struct kunit *test)
{
	const struct operation_case *param = test->param_value;
	struct opener opener = {
		.is_held = param->was_held, .is_shut = param->was_shut,
	};

	KUNIT_EXPECT_EQ(test, param->operate(&opener), param->ret);
	KUNIT_EXPECT_EQ(test, opener.is_held, param->is_held);
	KUNIT_EXPECT_EQ(test, opener.is_shut, param->is_shut);
}

static void opener_test_claim_after_release(struct kunit *test)
{
	struct opener opener;

	opener_init(&opener);
	KUNIT_EXPECT_EQ(test, opener_claim(&opener), 0);
	KUNIT_EXPECT_EQ(test, opener_claim(&opener), -EBUSY);
	opener_release(&opener);
	KUNIT_EXPECT_EQ(test, opener_claim(&opener), 0);
}

static void opener_test_random_against_model(struct kunit *test)
{
	struct opener_model model = {};
	struct opener opener;
	struct rnd_state rnd;
	u32 op, task;

	prandom_seed_state(&rnd, RANDOM_SEED);
	for (op = 0; op < RANDOM_OPS; op++) {
		if (op % 20 == 0) {
			memset(&model, 0, sizeof(model));
			opener_init(&opener);
		} else if (op % 20 == 15) {
			model.is_shut = true;
			opener_shut(&opener);
		}

		task = prandom_u32_state(&rnd) % OPENER_MODEL_NR_TASKS;
		if (model.has_open[task] && prandom_u32_state(&rnd) % 2) {
			model.has_open[task] = false;
			opener_release(&opener);
		}
		KUNIT_ASSERT_EQ(test, opener_claim(&opener),
				opener_model_claim(&model, task));
		KUNIT_ASSERT_EQ(test, opener.is_held, opener_model_count(&model));
		KUNIT_ASSERT_EQ(test, opener.is_shut, model.is_shut);
	}
}

static struct kunit_case opener_test_cases[] = {
	KUNIT_CASE(opener_test_init_on_rubbish),
	KUNIT_CASE_PARAM(opener_test_operate_in_state, operation_gen_params),
	KUNIT_CASE(opener_test_claim_after_release),
	KUNIT_CASE(opener_test_random_against_model),
	{}
};

static struct kunit_suite opener_test_suite = {
	.name = "opener",
	.test_cases = opener_test_cases,
};

kunit_test_suite(opener_test_suite);
