// SPDX-License-Identifier: GPL-2.0
/*
 * Push button tests - debounce of presses and releases
 */
#include <kunit/test.h>
#include <linux/limits.h>
#include <linux/prandom.h>
#include <linux/types.h>

#include "pushbutton.h"
#include "pushbutton_model.h"

#define BOUNCE		20
#define MAX_LOOKS	8
#define NEVER		U64_MAX
#define RANDOM_SEED	20240417
#define RANDOM_OPS	20000

/*
 * A case is a list of looks.  A look is one call of pushbutton_look() with the
 * level that was read, '-' for high and '_' for low.  @after is the time since
 * the previous look, and @is_high is the level at the start.  A level of 0 ends
 * the list.
 */
static const struct look_case {
	const char *desc;
	u64 bounce;
	bool is_high;
	struct {
		u64 after;
		char level;
		bool is_press;
	} looks[MAX_LOOKS];
} look_cases[] = {
	{ "a press", BOUNCE, false,
	  { { 100, '-', true } } },
	{ "a press and a release", BOUNCE, false,
	  { { 100, '-', true }, { 100, '_', false } } },
	{ "two presses", BOUNCE, false,
	  { { 100, '-', true }, { 100, '_', false }, { 100, '-', true },
	    { 100, '_', false } } },
	{ "a press that bounces", BOUNCE, false,
	  { { 100, '-', true }, { 1, '_', false }, { 1, '-', false },
	    { 19, '_', false }, { 19, '-', false } } },
	{ "a release that bounces", BOUNCE, false,
	  { { 100, '-', true }, { 100, '_', false }, { 1, '-', false },
	    { 1, '_', false }, { 19, '-', false }, { 1, '_', false } } },
	{ "a press, seen in a bounce at first", BOUNCE, false,
	  { { 100, '_', false }, { 1, '-', true }, { 1, '_', false },
	    { 1, '-', false } } },
	{ "a release, seen in a bounce at first", BOUNCE, true,
	  { { 100, '-', false }, { 1, '_', false }, { 1, '-', false },
	    { 1, '_', false } } },
	{ "a press behind a release that bounced", BOUNCE, true,
	  { { 100, '_', false }, { 1, '-', false }, { 1, '_', false },
	    { 20, '-', true } } },
	{ "a press and a release within a bounce", BOUNCE, false,
	  { { 100, '-', true }, { 5, '_', false }, { 100, '-', true } } },
	{ "a second touch within the bounce", BOUNCE, false,
	  { { 100, '-', true }, { 5, '_', false }, { 5, '-', false },
	    { 100, '_', false }, { 100, '-', true } } },
	{ "a second touch when the bounce is just not over", BOUNCE, false,
	  { { 100, '-', true }, { 5, '_', false }, { 19, '-', false } } },
	{ "a second touch when the bounce is just over", BOUNCE, false,
	  { { 100, '-', true }, { 5, '_', false }, { 20, '-', true } } },
	{ "a button that is down at first", BOUNCE, true,
	  { { 100, '_', false }, { 100, '-', true } } },
	{ "a button that is down at first and bounces", BOUNCE, true,
	  { { 0, '_', false }, { 0, '-', false }, { 1, '_', false },
	    { 20, '-', true } } },
	{ "a press as soon as it is watched", BOUNCE, false,
	  { { 0, '-', true } } },
	{ "an edge of which nothing is seen", BOUNCE, false,
	  { { 100, '_', false }, { 100, '-', true }, { 100, '-', false } } },
	{ "a storm of edges", BOUNCE, false,
	  { { 100, '-', true }, { 19, '_', false }, { 19, '-', false },
	    { 19, '_', false }, { 19, '-', false }, { 19, '_', false },
	    { 19, '-', false }, { 20, '_', false } } },
	{ "presses without a bounce", 0, false,
	  { { 0, '-', true }, { 0, '_', false }, { 0, '-', true },
	    { 0, '-', false }, { 0, '_', false }, { 0, '_', false } } },
	{ "a bounce for ever", NEVER, false,
	  { { 100, '_', false }, { 1ULL << 62, '-', true },
	    { 1ULL << 62, '_', false }, { 1ULL << 62, '-', false } } },
	{ "presses with times of more than 32 bits between", 1ULL << 33, false,
	  { { 0, '-', true }, { 5, '_', false },
	    { (1ULL << 32) + 5, '-', false }, { 1ULL << 33, '_', false },
	    { 1ULL << 33, '-', true } } },
};

KUNIT_ARRAY_PARAM_DESC(look, look_cases, desc);

/*
 * Starts at time @now.  That may be any time, even close to the wrap of a u64,
 * because only differences matter.
 */
static void expect_presses(struct kunit *test, u64 now)
{
	const struct look_case *param = test->param_value;
	struct pushbutton button;
	int i;

	pushbutton_init(&button, param->bounce, param->is_high);
	for (i = 0; i < MAX_LOOKS && param->looks[i].level; i++) {
		now += param->looks[i].after;
		KUNIT_EXPECT_EQ_MSG(test,
				    pushbutton_look(&button,
						    param->looks[i].level == '-',
						    now),
				    param->looks[i].is_press, "look %d", i);
	}
}

/* INTRPT-6: neither a release nor a bounce is a press. */
static void pushbutton_test_look_at_edges(struct kunit *test)
{
	expect_presses(test, 0);
	expect_presses(test, 1234567);
	expect_presses(test, U64_MAX - 50);
}

static void pushbutton_test_look_keeps_the_bounce(struct kunit *test)
{
	struct pushbutton button;

	pushbutton_init(&button, BOUNCE, false);
	pushbutton_look(&button, true, 5);
	KUNIT_EXPECT_EQ(test, button.bounce, BOUNCE);
	KUNIT_EXPECT_EQ(test, button.last, 5);
	KUNIT_EXPECT_TRUE(test, button.is_high);
}

static void pushbutton_test_random_against_model(struct kunit *test)
{
	struct pushbutton_model *model = kunit_kzalloc(test, sizeof(*model), GFP_KERNEL);
	struct pushbutton button;
	struct rnd_state rnd;
	u64 now = U64_MAX - RANDOM_OPS;
	bool is_high;
	u32 op;

	KUNIT_ASSERT_NOT_NULL(test, model);
	prandom_seed_state(&rnd, RANDOM_SEED);
	for (op = 0; op < RANDOM_OPS; op++) {
		now += prandom_u32_state(&rnd) % (2 * BOUNCE);
		is_high = prandom_u32_state(&rnd) % 2;
		if (op % PUSHBUTTON_MODEL_MAX_LOOKS == 0) {
			pushbutton_init(&button, BOUNCE, is_high);
			pushbutton_model_init(model, BOUNCE, is_high, now);
			continue;
		}
		KUNIT_ASSERT_EQ(test, pushbutton_look(&button, is_high, now),
				pushbutton_model_look(model, is_high, now));
	}
}

static struct kunit_case pushbutton_test_cases[] = {
	KUNIT_CASE_PARAM(pushbutton_test_look_at_edges, look_gen_params),
	KUNIT_CASE(pushbutton_test_look_keeps_the_bounce),
	KUNIT_CASE(pushbutton_test_random_against_model),
	{}
};

static struct kunit_suite pushbutton_test_suite = {
	.name = "pushbutton",
	.test_cases = pushbutton_test_cases,
};

kunit_test_suite(pushbutton_test_suite);
