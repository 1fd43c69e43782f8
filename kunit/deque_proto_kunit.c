// SPDX-License-Identifier: GPL-2.0
/*
 * Deque protocol tests - lengths of messages, capacities, odd and even values
 *
 * Comments show a deque as its values, the next answer first, and its capacity:
 */
#include <asm/byteorder.h>
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <linux/types.h>

#include "deque.h"
#include "deque_model.h"
#include "deque_proto.h"
#include "deque_proto_model.h"

#define NR_SLOTS	128
#define POISON		0x5a
#define RANDOM_SEED	19880401
#define RANDOM_OPS	20000

static const struct length_case {
	const char *desc;
	size_t len;
	int err_as_capacity;
	int err_as_value;
	int err_as_room;
} lengths[] = {
	{ "no bytes", 0, -EINVAL, -EINVAL, -EINVAL },
	{ "one byte", 1, 0, -EINVAL, -EINVAL },
	{ "two bytes", 2, -EINVAL, -EINVAL, -EINVAL },
	{ "three bytes", 3, -EINVAL, -EINVAL, -EINVAL },
	{ "four bytes", 4, -EINVAL, 0, 0 },
	{ "five bytes", 5, -EINVAL, -EINVAL, 0 },
	{ "six bytes", 6, -EINVAL, -EINVAL, 0 },
	{ "seven bytes", 7, -EINVAL, -EINVAL, 0 },
	{ "eight bytes", 8, -EINVAL, -EINVAL, 0 },
	{ "one byte more than 8 bits can count", 0x101, -EINVAL, -EINVAL, 0 },
	{ "four bytes more than 8 bits can count", 0x104, -EINVAL, -EINVAL, 0 },
	{ "one byte more than half of memory", SIZE_MAX / 2 + 2, -EINVAL, -EINVAL, 0 },
	{ "four bytes more than half of memory", SIZE_MAX / 2 + 5, -EINVAL, -EINVAL, 0 },
	{ "all of memory", SIZE_MAX, -EINVAL, -EINVAL, 0 },
};

KUNIT_ARRAY_PARAM_DESC(length, lengths, desc);

static const struct capacity_case {
	const char *desc;
	u8 capacity;
} valid_capacities[] = {
	{ "one value", 1 },
	{ "two values", 2 },
	{ "99 values", 99 },
	{ "the largest", 100 },
};

KUNIT_ARRAY_PARAM_DESC(valid_capacity, valid_capacities, desc);

static const struct capacity_case invalid_capacities[] = {
	{ "none", 0 },
	{ "one more than the largest", 101 },
	{ "as many as there are slots", 128 },
	{ "the largest byte", 255 },
};

KUNIT_ARRAY_PARAM_DESC(invalid_capacity, invalid_capacities, desc);

static const struct value_case {
	const char *desc;
	s32 value;
	bool to_left;
} values[] = {
	{ "zero is even", 0, false },
	{ "one is odd", 1, true },
	{ "two is even", 2, false },
	{ "three is odd", 3, true },
	{ "minus one is odd", -1, true },
	{ "minus two is even", -2, false },
	{ "minus three is odd", -3, true },
	{ "the smallest is even", INT_MIN, false },
	{ "the smallest but one is odd", INT_MIN + 1, true },
	{ "the largest is odd", INT_MAX, true },
	{ "the largest but one is even", INT_MAX - 1, false },
	{ "a high byte says nothing", 0x01010100, false },
};

KUNIT_ARRAY_PARAM_DESC(value, values, desc);

/* Values as a program writes them on a CPU of each byte order. */
static const struct bytes_case {
	const char *desc;
	u8 msg[4];
	s32 little;
	s32 big;
} bytes[] = {
	{ "odd in both orders", { 1, 2, 4, 3 }, 0x03040201, 0x01020403 },
	{ "even in both orders", { 2, 1, 3, 4 }, 0x04030102, 0x02010304 },
	{ "odd if the lowest byte is first", { 1, 0, 0, 0 }, 1, 0x01000000 },
	{ "odd if the lowest byte is last", { 0, 0, 0, 1 }, 0x01000000, 1 },
	{ "negative if the highest byte is first", { 0x80, 0, 0, 0 }, 0x80, INT_MIN },
	{ "negative if the highest byte is last", { 0, 0, 0, 0x80 }, INT_MIN, 0x80 },
};

KUNIT_ARRAY_PARAM_DESC(bytes, bytes, desc);

/* The ring of the deque, which is poisoned before each test. */
static s32 slots[NR_SLOTS];

/* Makes a deque that has no capacity yet. */
static int deque_proto_test_init(struct kunit *test)
{
	struct deque *dq;

	dq = kunit_kzalloc(test, sizeof(*dq), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, dq);
	memset(slots, POISON, sizeof(slots));
	test->priv = dq;
	return 0;
}

/* Writes a message, as a writer of the file does. */
static int write_message(struct deque *dq, const void *msg, size_t len)
{
	int ret = deque_proto_write(dq, msg, len);

	return ret > 0 ? deque_init(dq, slots, roundup_pow_of_two(ret), ret) : ret;
}

static int write_capacity(struct deque *dq, u8 capacity)
{
	return write_message(dq, &capacity, sizeof(capacity));
}

static int write_value(struct deque *dq, s32 value)
{
	return deque_proto_write(dq, &value, sizeof(value));
}

/*
 * Reads the next answer and removes it, as a reader of the file does.  The
 * deque must not be empty.
 */
static s32 answer(struct kunit *test)
{
	struct deque *dq = test->priv;
	s32 value;

	KUNIT_ASSERT_EQ(test, deque_proto_peek(dq, sizeof(value), &value), 0);
	deque_proto_pop(dq);
	return value;
}

static void expect_empty(struct kunit *test)
{
	struct deque *dq = test->priv;
	s32 value = 42;

	KUNIT_EXPECT_EQ(test, deque_proto_peek(dq, sizeof(value), &value),
			-EACCES);
	KUNIT_EXPECT_EQ(test, value, 42);
}

static void deque_proto_test_write_capacity_of_length(struct kunit *test)
{
	const struct length_case *param = test->param_value;
	struct deque *dq = test->priv;
	const u8 msg[8] = { 1, 1, 1, 1, 1, 1, 1, 1 };

	KUNIT_EXPECT_EQ(test, write_message(dq, msg, param->len),
			param->err_as_capacity);
	if (param->err_as_capacity)
		KUNIT_EXPECT_NULL(test, memchr_inv(dq, 0, sizeof(*dq)));
	else
		KUNIT_EXPECT_EQ(test, dq->capacity, 1);
}

static void deque_proto_test_write_capacity_valid(struct kunit *test)
{
	const struct capacity_case *param = test->param_value;
	struct deque *dq = test->priv;

	KUNIT_EXPECT_EQ(test, write_capacity(dq, param->capacity), 0);
	KUNIT_EXPECT_EQ(test, dq->capacity, param->capacity);
	expect_empty(test);
}

/* The caller may have no memory for the ring, and try again later. */
static void deque_proto_test_write_capacity_changes_nothing(struct kunit *test)
{
	const struct capacity_case *param = test->param_value;
	struct deque *dq = test->priv;
	u32 i;

	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_EQ(test, deque_proto_write(dq, &param->capacity, 1),
				param->capacity);
		KUNIT_EXPECT_NULL(test, memchr_inv(dq, 0, sizeof(*dq)));
	}
}

static void deque_proto_test_write_capacity_invalid(struct kunit *test)
{
	const struct capacity_case *param = test->param_value;
	struct deque *dq = test->priv;

	KUNIT_EXPECT_EQ(test, write_capacity(dq, param->capacity), -EINVAL);
	KUNIT_EXPECT_NULL(test, memchr_inv(dq, 0, sizeof(*dq)));
}

static void deque_proto_test_write_capacity_after_invalid(struct kunit *test)
{
	struct deque *dq = test->priv;

	KUNIT_EXPECT_EQ(test, write_capacity(dq, 101), -EINVAL);
	KUNIT_EXPECT_EQ(test, write_value(dq, 7), -EINVAL);

	KUNIT_EXPECT_EQ(test, write_capacity(dq, 100), 0);
	KUNIT_EXPECT_EQ(test, write_value(dq, 7), 0);
}

static void deque_proto_test_write_value_of_length(struct kunit *test)
{
	const struct length_case *param = test->param_value;
	struct deque *dq = test->priv;
	const u8 msg[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct deque before;

	KUNIT_ASSERT_EQ(test, write_capacity(dq, 4), 0);
	before = *dq;

	KUNIT_EXPECT_EQ(test, deque_proto_write(dq, msg, param->len),
			param->err_as_value);
	if (param->err_as_value)
		KUNIT_EXPECT_MEMEQ(test, dq, &before, sizeof(before));
	else
		KUNIT_EXPECT_EQ(test, deque_length(dq), 1);
}

static void deque_proto_test_write_value_of_parity(struct kunit *test)
{
	const struct value_case *param = test->param_value;
	struct deque *dq = test->priv;

	KUNIT_ASSERT_EQ(test, write_capacity(dq, 4), 0);
	KUNIT_ASSERT_EQ(test, write_value(dq, 100), 0);

	/*
	 * The deque becomes [ value 100 ] if the value is odd, else [ 100 value
	 * ].
	 */
	KUNIT_EXPECT_EQ(test, write_value(dq, param->value), 0);

	KUNIT_EXPECT_EQ(test, answer(test), param->to_left ? param->value : 100);
	KUNIT_EXPECT_EQ(test, answer(test), param->to_left ? 100 : param->value);
	expect_empty(test);
}

static void deque_proto_test_write_value_in_byte_order(struct kunit *test)
{
	const bool is_little = cpu_to_le16(1) == (__force __le16)1;
	const struct bytes_case *param = test->param_value;
	const s32 value = is_little ? param->little : param->big;
	struct deque *dq = test->priv;
	s32 leftmost, found;

	KUNIT_ASSERT_EQ(test, write_capacity(dq, 4), 0);
	KUNIT_ASSERT_EQ(test, write_value(dq, 100), 0);

	KUNIT_EXPECT_EQ(test, deque_proto_write(dq, param->msg, sizeof(value)), 0);

	/* The answer has the bytes of the message again. */
	leftmost = answer(test);
	found = value & 1 ? leftmost : answer(test);
	KUNIT_EXPECT_EQ(test, leftmost, value & 1 ? value : 100);
	KUNIT_EXPECT_EQ(test, found, value);
	KUNIT_EXPECT_MEMEQ(test, &found, param->msg, sizeof(found));
}

static void deque_proto_test_write_value_unaligned(struct kunit *test)
{
	struct deque *dq = test->priv;
	const s32 value = 0x7a6b5c4d;
	u8 msg[2 * sizeof(value)];
	size_t offset;

	KUNIT_ASSERT_EQ(test, write_capacity(dq, 1), 0);

	for (offset = 0; offset <= sizeof(value); offset++) {
		memset(msg, POISON, sizeof(msg));
		memcpy(&msg[offset], &value, sizeof(value));
		KUNIT_EXPECT_EQ(test, deque_proto_write(dq, &msg[offset],
							sizeof(value)), 0);
		KUNIT_EXPECT_EQ(test, answer(test), value);
	}
}

static void deque_proto_test_write_value_when_full(struct kunit *test)
{
	const struct capacity_case *param = test->param_value;
	struct deque *dq = test->priv;
	struct deque before;
	s32 i;

	KUNIT_ASSERT_EQ(test, write_capacity(dq, param->capacity), 0);
	for (i = 0; i < param->capacity; i++)
		KUNIT_ASSERT_EQ(test, write_value(dq, i), 0);
	before = *dq;

	KUNIT_EXPECT_EQ(test, write_value(dq, 7), -EACCES);
	KUNIT_EXPECT_EQ(test, write_value(dq, 8), -EACCES);
	KUNIT_EXPECT_EQ(test, write_capacity(dq, 9), -EINVAL);
	KUNIT_EXPECT_MEMEQ(test, dq, &before, sizeof(before));

	answer(test);
	KUNIT_EXPECT_EQ(test, write_value(dq, 7), 0);
}

static void deque_proto_test_peek_with_room_of_length(struct kunit *test)
{
	const struct length_case *param = test->param_value;
	struct deque *dq = test->priv;
	struct deque before;
	s32 value = 42;

	KUNIT_ASSERT_EQ(test, write_capacity(dq, 4), 0);
	KUNIT_ASSERT_EQ(test, write_value(dq, 7), 0);
	before = *dq;

	KUNIT_EXPECT_EQ(test, deque_proto_peek(dq, param->len, &value),
			param->err_as_room);
	KUNIT_EXPECT_EQ(test, value, param->err_as_room ? 42 : 7);
	KUNIT_EXPECT_MEMEQ(test, dq, &before, sizeof(before));
}

static void deque_proto_test_peek_before_capacity(struct kunit *test)
{
	struct deque *dq = test->priv;
	s32 value = 42;

	KUNIT_EXPECT_EQ(test, deque_proto_peek(dq, 4, &value), -EACCES);
	KUNIT_EXPECT_EQ(test, deque_proto_peek(dq, 3, &value), -EINVAL);
	KUNIT_EXPECT_EQ(test, value, 42);
	KUNIT_EXPECT_NULL(test, memchr_inv(dq, 0, sizeof(*dq)));
}

static void deque_proto_test_pop_takes_the_answer(struct kunit *test)
{
	struct deque *dq = test->priv;

	/* The writes make the deque [ 9 7 8 10 ], with a capacity of 4. */
	KUNIT_ASSERT_EQ(test, write_capacity(dq, 4), 0);
	KUNIT_ASSERT_EQ(test, write_value(dq, 7), 0);
	KUNIT_ASSERT_EQ(test, write_value(dq, 8), 0);
	KUNIT_ASSERT_EQ(test, write_value(dq, 9), 0);
	KUNIT_ASSERT_EQ(test, write_value(dq, 10), 0);

	KUNIT_EXPECT_EQ(test, answer(test), 9);
	KUNIT_EXPECT_EQ(test, answer(test), 7);
	KUNIT_EXPECT_EQ(test, answer(test), 8);
	KUNIT_EXPECT_EQ(test, answer(test), 10);
	expect_empty(test);
}

static void deque_proto_test_write_value_past_all_slots(struct kunit *test)
{
	struct deque *dq = test->priv;
	s32 i;

	KUNIT_ASSERT_EQ(test, write_capacity(dq, 100), 0);
	for (i = 0; i < 100; i++)
		KUNIT_ASSERT_EQ(test, write_value(dq, 2 * i), 0);

	for (; i < 1000; i++) {
		KUNIT_ASSERT_EQ(test, answer(test), 2 * (i - 100));
		KUNIT_ASSERT_EQ(test, write_value(dq, 2 * i), 0);
	}
}

static void assert_same_answer(struct kunit *test, const struct deque_model *model,
			       size_t len)
{
	s32 got = 42, want = 42;

	KUNIT_ASSERT_EQ(test, deque_proto_peek(test->priv, len, &got),
			deque_proto_model_peek(model, len, &want));
	KUNIT_ASSERT_EQ(test, got, want);
}

/*
 * On average, six of eight messages and six of eight read buffers have the
 * length of a value, four bytes.  One has one byte, and one has five bytes.
 */
static void deque_proto_test_random_against_model(struct kunit *test)
{
	struct deque_model *model = kunit_kzalloc(test, sizeof(*model), GFP_KERNEL);
	static const u8 sizes[] = { 4, 4, 4, 4, 4, 4, 1, 5 };
	struct deque *dq = test->priv;
	struct rnd_state rnd;
	u8 msg[8], len;
	u32 i, op;

	KUNIT_ASSERT_NOT_NULL(test, model);
	prandom_seed_state(&rnd, RANDOM_SEED);

	for (i = 0; i < RANDOM_OPS; i++) {
		prandom_bytes_state(&rnd, msg, sizeof(msg));
		op = prandom_u32_state(&rnd);
		len = sizes[op & 7];

		if (op & 8)
			KUNIT_ASSERT_EQ(test, write_message(dq, msg, len),
					deque_proto_model_write(model, msg, len));
		assert_same_answer(test, model, len);
		if (!(op & 8) && len == 4 && model->length) {
			deque_proto_pop(dq);
			deque_proto_model_pop(model);
		}
		KUNIT_ASSERT_EQ(test, dq->capacity, model->capacity);
		KUNIT_ASSERT_EQ(test, deque_length(dq), model->length);
	}
}

static struct kunit_case deque_proto_test_cases[] = {
	KUNIT_CASE_PARAM(deque_proto_test_write_capacity_of_length, length_gen_params),
	KUNIT_CASE_PARAM(deque_proto_test_write_capacity_valid, valid_capacity_gen_params),
	KUNIT_CASE_PARAM(deque_proto_test_write_capacity_changes_nothing,
			 valid_capacity_gen_params),
	KUNIT_CASE_PARAM(deque_proto_test_write_capacity_invalid, invalid_capacity_gen_params),
	KUNIT_CASE(deque_proto_test_write_capacity_after_invalid),
	KUNIT_CASE_PARAM(deque_proto_test_write_value_of_length, length_gen_params),
	KUNIT_CASE_PARAM(deque_proto_test_write_value_of_parity, value_gen_params),
	KUNIT_CASE_PARAM(deque_proto_test_write_value_in_byte_order, bytes_gen_params),
	KUNIT_CASE(deque_proto_test_write_value_unaligned),
	KUNIT_CASE_PARAM(deque_proto_test_write_value_when_full, valid_capacity_gen_params),
	KUNIT_CASE(deque_proto_test_write_value_past_all_slots),
	KUNIT_CASE_PARAM(deque_proto_test_peek_with_room_of_length, length_gen_params),
	KUNIT_CASE(deque_proto_test_peek_before_capacity),
	KUNIT_CASE(deque_proto_test_pop_takes_the_answer),
	KUNIT_CASE(deque_proto_test_random_against_model),
	{}
};

static struct kunit_suite deque_proto_test_suite = {
	.name = "deque_proto",
	.init = deque_proto_test_init,
	.test_cases = deque_proto_test_cases,
};

kunit_test_suite(deque_proto_test_suite);
