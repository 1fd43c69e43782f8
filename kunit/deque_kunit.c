// SPDX-License-Identifier: GPL-2.0
/*
 * Deque tests - every error, every offset in the ring, and both ends
 *
 * Comments show a deque as its values, the leftmost value first:  [ 9 7 8 ]
 */
#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <linux/types.h>

#include "deque.h"
#include "deque_model.h"

#define NR_SLOTS	128
#define POISON		0x5a
#define RANDOM_SEED	20240229
#define RANDOM_OPS	20000

struct deque_context {
	struct deque dq;
	s32 before;
	s32 slots[NR_SLOTS];
	s32 after;
};

static const struct deque_size {
	const char *desc;
	u32 nr_slots;
	u32 capacity;
} valid_sizes[] = {
	{ "one value in one slot", 1, 1 },
	{ "one value in two slots", 2, 1 },
	{ "two values in two slots", 2, 2 },
	{ "five values in eight slots", 8, 5 },
	{ "eight values in eight slots", 8, 8 },
	{ "a hundred values in 128 slots", 128, 100 },
	{ "128 values in 128 slots", 128, 128 },
};

KUNIT_ARRAY_PARAM_DESC(valid_size, valid_sizes, desc);

static const struct deque_size invalid_sizes[] = {
	{ "no slots and no capacity", 0, 0 },
	{ "no slots", 0, 1 },
	{ "no capacity in eight slots", 8, 0 },
	{ "two values in one slot", 1, 2 },
	{ "nine values in eight slots", 8, 9 },
	{ "the largest capacity in eight slots", 8, U32_MAX },
	{ "one value more than the largest ring", BIT(31), BIT(31) + 1 },
	{ "three slots", 3, 1 },
	{ "a hundred slots", 100, 100 },
	{ "the largest number of slots", U32_MAX, 1 },
};

KUNIT_ARRAY_PARAM_DESC(invalid_size, invalid_sizes, desc);

static const struct deque_end {
	const char *desc;
	int (*push)(struct deque *dq, s32 value);
	int (*peek)(const struct deque *dq, s32 *value);
	int (*pop)(struct deque *dq, s32 *value);
} ends[] = {
	{ "left end", deque_push_left, deque_peek_left, deque_pop_left },
	{ "right end", deque_push_right, deque_peek_right, deque_pop_right },
};

KUNIT_ARRAY_PARAM_DESC(end, ends, desc);

static const struct deque_value {
	const char *desc;
	s32 value;
} values[] = {
	{ "zero", 0 },
	{ "one", 1 },
	{ "minus one", -1 },
	{ "the smallest", INT_MIN },
	{ "the largest", INT_MAX },
};

KUNIT_ARRAY_PARAM_DESC(value, values, desc);

static int deque_test_init(struct kunit *test)
{
	struct deque_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	memset(ctx, POISON, sizeof(*ctx));
	test->priv = ctx;
	return 0;
}

/* Makes an empty deque whose indices both begin at @start. */
static struct deque *empty_deque(struct kunit *test, u32 nr_slots,
				 u32 capacity, u32 start)
{
	struct deque_context *ctx = test->priv;

	KUNIT_ASSERT_EQ(test, deque_init(&ctx->dq, ctx->slots, nr_slots,
					 capacity), 0);
	ctx->dq.left = start;
	ctx->dq.right = start;
	return &ctx->dq;
}

/*
 * Makes the full deque [ 1 2 3 ] in four slots.  Its indices wrap from U32_MAX
 * to 0 within the values.
 */
static struct deque *full_deque(struct kunit *test)
{
	struct deque *dq = empty_deque(test, 4, 3, U32_MAX);
	s32 value;

	for (value = 1; value <= 3; value++)
		KUNIT_ASSERT_EQ(test, deque_push_right(dq, value), 0);
	return dq;
}

/* Pushes 0, 1, 2 ... until the deque is full; then pops and checks them. */
static void fill_and_drain(struct kunit *test, struct deque *dq,
			   const struct deque_end *in,
			   const struct deque_end *out)
{
	const u32 capacity = dq->capacity;
	s32 value;
	u32 i;

	for (i = 0; i < capacity; i++)
		KUNIT_ASSERT_EQ(test, in->push(dq, i), 0);
	KUNIT_ASSERT_EQ(test, in->push(dq, i), -ENOSPC);

	for (i = 0; i < capacity; i++) {
		KUNIT_ASSERT_EQ(test, out->pop(dq, &value), 0);
		KUNIT_ASSERT_EQ(test, value, in == out ? capacity - 1 - i : i);
	}
	KUNIT_ASSERT_EQ(test, out->pop(dq, &value), -ENODATA);
}

/*
 * Fills and drains a deque from each start index near 0, before and after the
 * indices wrap to 0, so from every offset in the ring.  The checks are ASSERTs,
 * so that the test stops at the first wrong start index.
 */
static void fill_and_drain_everywhere(struct kunit *test,
				      const struct deque_end *in)
{
	const struct deque_size *size = test->param_value;
	struct deque_context *ctx = test->priv;
	u32 start = -2 * size->nr_slots;

	while (start++ != 2 * size->nr_slots) {
		empty_deque(test, size->nr_slots, size->capacity, start);
		fill_and_drain(test, &ctx->dq, in, &ends[0]);
		fill_and_drain(test, &ctx->dq, in, &ends[1]);
	}

	KUNIT_EXPECT_NULL(test, memchr_inv(&ctx->before, POISON, sizeof(s32)));
	KUNIT_EXPECT_NULL(test, memchr_inv(&ctx->slots[size->nr_slots], POISON,
					   (NR_SLOTS - size->nr_slots) *
					   sizeof(s32)));
	KUNIT_EXPECT_NULL(test, memchr_inv(&ctx->after, POISON, sizeof(s32)));
}

static void deque_test_init_with_valid_size(struct kunit *test)
{
	const struct deque_size *size = test->param_value;
	struct deque_context *ctx = test->priv;

	KUNIT_ASSERT_EQ(test, deque_init(&ctx->dq, ctx->slots, size->nr_slots,
					 size->capacity), 0);

	KUNIT_EXPECT_PTR_EQ(test, ctx->dq.slots, &ctx->slots[0]);
	KUNIT_EXPECT_EQ(test, ctx->dq.mask, size->nr_slots - 1);
	KUNIT_EXPECT_EQ(test, ctx->dq.capacity, size->capacity);
	KUNIT_EXPECT_TRUE(test, deque_is_empty(&ctx->dq));
	KUNIT_EXPECT_FALSE(test, deque_is_full(&ctx->dq));
}

static void deque_test_init_with_invalid_size(struct kunit *test)
{
	const struct deque_size *size = test->param_value;
	struct deque_context *ctx = test->priv;

	KUNIT_EXPECT_EQ(test, deque_init(&ctx->dq, ctx->slots, size->nr_slots,
					 size->capacity), -EINVAL);
	KUNIT_EXPECT_NULL(test, memchr_inv(ctx, POISON, sizeof(*ctx)));
}

static void deque_test_push_left_to_capacity(struct kunit *test)
{
	fill_and_drain_everywhere(test, &ends[0]);
}

static void deque_test_push_right_to_capacity(struct kunit *test)
{
	fill_and_drain_everywhere(test, &ends[1]);
}

static void deque_test_length_at_each_fill(struct kunit *test)
{
	const struct deque_size *size = test->param_value;
	struct deque *dq = empty_deque(test, size->nr_slots, size->capacity, 0);
	u32 n;

	for (n = 0; n <= size->capacity; n++) {
		KUNIT_EXPECT_EQ(test, deque_length(dq), n);
		KUNIT_EXPECT_EQ(test, deque_is_empty(dq), n == 0);
		KUNIT_EXPECT_EQ(test, deque_is_full(dq), n == size->capacity);
		deque_push_left(dq, n);
	}
}

static void deque_test_push_when_full(struct kunit *test)
{
	const struct deque_end *end = test->param_value;
	struct deque_context *ctx = test->priv;
	struct deque_context before;

	full_deque(test);
	before = *ctx;

	/* The push fails, and the deque [ 1 2 3 ] is unchanged. */
	KUNIT_EXPECT_EQ(test, end->push(&ctx->dq, 4), -ENOSPC);
	KUNIT_EXPECT_MEMEQ(test, ctx, &before, sizeof(before));
}

static void deque_test_pop_when_empty(struct kunit *test)
{
	const struct deque_end *end = test->param_value;
	struct deque *dq = empty_deque(test, 4, 3, 0);
	const struct deque before = *dq;
	s32 value = 42;

	KUNIT_EXPECT_EQ(test, end->pop(dq, &value), -ENODATA);
	KUNIT_EXPECT_EQ(test, end->peek(dq, &value), -ENODATA);
	KUNIT_EXPECT_EQ(test, value, 42);
	KUNIT_EXPECT_MEMEQ(test, dq, &before, sizeof(before));
}

static void deque_test_push_when_zeroed(struct kunit *test)
{
	const struct deque_end *end = test->param_value;
	const struct deque zeroed = {};
	struct deque dq = {};
	s32 value = 42;

	KUNIT_EXPECT_TRUE(test, deque_is_empty(&dq));
	KUNIT_EXPECT_TRUE(test, deque_is_full(&dq));
	KUNIT_EXPECT_EQ(test, end->push(&dq, 7), -ENOSPC);
	KUNIT_EXPECT_EQ(test, end->peek(&dq, &value), -ENODATA);
	KUNIT_EXPECT_EQ(test, end->pop(&dq, &value), -ENODATA);
	KUNIT_EXPECT_EQ(test, value, 42);
	KUNIT_EXPECT_MEMEQ(test, &dq, &zeroed, sizeof(zeroed));
}

static void deque_test_peek_changes_nothing(struct kunit *test)
{
	const struct deque_end *end = test->param_value;
	struct deque_context *ctx = test->priv;
	struct deque_context before;
	s32 value;

	full_deque(test);
	before = *ctx;

	KUNIT_EXPECT_EQ(test, end->peek(&ctx->dq, &value), 0);
	KUNIT_EXPECT_MEMEQ(test, ctx, &before, sizeof(before));
}

static void deque_test_peek_at_both_ends(struct kunit *test)
{
	struct deque *dq = full_deque(test);
	s32 left, right;

	/* The deque is [ 1 2 3 ]: the leftmost value is 1. */
	KUNIT_EXPECT_EQ(test, deque_peek_left(dq, &left), 0);
	KUNIT_EXPECT_EQ(test, deque_peek_right(dq, &right), 0);

	KUNIT_EXPECT_EQ(test, left, 1);
	KUNIT_EXPECT_EQ(test, right, 3);
}

static void deque_test_push_any_value(struct kunit *test)
{
	const struct deque_value *param = test->param_value;
	struct deque *dq = empty_deque(test, 4, 3, 0);
	s32 left = ~param->value, right = ~param->value;

	deque_push_left(dq, param->value);
	deque_push_right(dq, param->value);

	KUNIT_EXPECT_EQ(test, deque_pop_left(dq, &left), 0);
	KUNIT_EXPECT_EQ(test, deque_pop_right(dq, &right), 0);
	KUNIT_EXPECT_EQ(test, left, param->value);
	KUNIT_EXPECT_EQ(test, right, param->value);
}

static void deque_test_push_at_both_ends(struct kunit *test)
{
	struct deque *dq = empty_deque(test, 8, 8, 7);

	/*
	 * The ring after the three pushes:
	 *
	 * slots   | 8 |   |   |   |   |   | 9 | 7 |
	 *               ^                   ^
	 *           right = 9            left = 6
	 */
	deque_push_right(dq, 7);
	deque_push_right(dq, 8);
	deque_push_left(dq, 9);

	KUNIT_EXPECT_EQ(test, dq->left, 6);
	KUNIT_EXPECT_EQ(test, dq->right, 9);
	KUNIT_EXPECT_EQ(test, dq->slots[6], 9);
	KUNIT_EXPECT_EQ(test, dq->slots[7], 7);
	KUNIT_EXPECT_EQ(test, dq->slots[0], 8);
}

static void deque_test_random_against_model(struct kunit *test)
{
	struct deque *dq = empty_deque(test, 16, 11, U32_MAX - 50);
	struct deque_model *model = kunit_kzalloc(test, sizeof(*model), GFP_KERNEL);
	struct rnd_state rnd;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, model);
	model->capacity = 11;
	prandom_seed_state(&rnd, RANDOM_SEED);

	for (i = 0; i < RANDOM_OPS; i++) {
		const u32 r = prandom_u32_state(&rnd);
		const bool left = r & 1;
		const struct deque_end *end = &ends[!left];
		s32 got = r, want = r;

		if (r & 2)
			KUNIT_ASSERT_EQ(test, end->push(dq, r),
					deque_model_push(model, left, r));
		else
			KUNIT_ASSERT_EQ(test, end->pop(dq, &got),
					deque_model_pop(model, left, &want));
		KUNIT_ASSERT_EQ(test, got, want);
		KUNIT_ASSERT_EQ(test, deque_length(dq), model->length);
	}
}

static struct kunit_case deque_test_cases[] = {
	KUNIT_CASE_PARAM(deque_test_init_with_valid_size, valid_size_gen_params),
	KUNIT_CASE_PARAM(deque_test_init_with_invalid_size, invalid_size_gen_params),
	KUNIT_CASE_PARAM(deque_test_push_left_to_capacity, valid_size_gen_params),
	KUNIT_CASE_PARAM(deque_test_push_right_to_capacity, valid_size_gen_params),
	KUNIT_CASE_PARAM(deque_test_length_at_each_fill, valid_size_gen_params),
	KUNIT_CASE_PARAM(deque_test_push_when_full, end_gen_params),
	KUNIT_CASE_PARAM(deque_test_pop_when_empty, end_gen_params),
	KUNIT_CASE_PARAM(deque_test_push_when_zeroed, end_gen_params),
	KUNIT_CASE_PARAM(deque_test_peek_changes_nothing, end_gen_params),
	KUNIT_CASE(deque_test_peek_at_both_ends),
	KUNIT_CASE_PARAM(deque_test_push_any_value, value_gen_params),
	KUNIT_CASE(deque_test_push_at_both_ends),
	KUNIT_CASE(deque_test_random_against_model),
	{}
};

static struct kunit_suite deque_test_suite = {
	.name = "deque",
	.init = deque_test_init,
	.test_cases = deque_test_cases,
};

kunit_test_suite(deque_test_suite);
