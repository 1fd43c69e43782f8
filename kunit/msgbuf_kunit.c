// SPDX-License-Identifier: GPL-2.0
/*
 * Message buffer tests - writes at every offset, what fits, what stays
 *
 * The memory for the message is poisoned before each test, and so are the bytes
 * after that memory.
 */
#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <linux/types.h>

#include "msgbuf.h"
#include "msgbuf_model.h"

#define CAPACITY	8
#define POISON		0x5a
#define RANDOM_SEED	19910825
#define RANDOM_OPS	20000

struct msgbuf_context {
	struct msgbuf_message msg;
	char room[MSGBUF_ROOM(CAPACITY)];
	char after[CAPACITY];
};

static const struct write_case {
	const char *desc;
	const char *before;
	const char *src;
	u64 offset;
	int ret;
	const char *after;
} write_cases[] = {
	{ "first message", "", "abc", 0, 3, "abc" },
	{ "longer message", "abc", "hello", 0, 5, "hello" },
	{ "shorter message", "hello", "HI", 0, 2, "HI" },
	{ "append", "abc", "de", 3, 2, "abcde" },
	{ "append to the brim", "abcdef", "gh", 6, 2, "abcdefgh" },
	{ "append more than fits", "abcdef", "ghij", 6, 2, "abcdefgh" },
	{ "append where nothing fits", "abcdefgh", "i", 8, -ENOSPC, "abcdefgh" },
	{ "message to the brim", "", "abcdefgh", 0, 8, "abcdefgh" },
	{ "message that does not fit", "xyz", "abcdefghij", 0, 8, "abcdefgh" },
	{ "nothing at the start", "abc", "", 0, 0, "abc" },
	{ "nothing at the end", "abc", "", 3, 0, "abc" },
	{ "nothing at the end of a full message", "abcdefgh", "", 8, 0, "abcdefgh" },
	{ "inside the message", "abc", "X", 1, -EINVAL, "abc" },
	{ "over the last byte", "abc", "X", 2, -EINVAL, "abc" },
	{ "one past the end", "abc", "X", 4, -EINVAL, "abc" },
	{ "past the capacity", "abc", "X", CAPACITY + 1, -EINVAL, "abc" },
	{ "past an empty message", "", "X", 1, -EINVAL, "" },
	{ "at the largest offset", "abc", "X", U64_MAX, -EINVAL, "abc" },
	{ "at an offset of the right low half", "abc", "X", BIT_ULL(32) + 3, -EINVAL, "abc" },
	{ "nothing inside the message", "abc", "", 1, -EINVAL, "abc" },
};

KUNIT_ARRAY_PARAM_DESC(write, write_cases, desc);

static const struct set_case {
	const char *desc;
	const char *before;
	const char *src;
	size_t len;
} set_cases[] = {
	{ "first message", "", "abc", 3 },
	{ "longer message", "abc", "hello", 5 },
	{ "shorter message", "hello", "HI", 2 },
	{ "message of one byte", "hello", "H", 1 },
	{ "message to the brim", "abc", "abcdefgh", 8 },
	{ "message over a full one", "abcdefgh", "xyz", 3 },
	{ "full message over a full one", "abcdefgh", "hgfedcba", 8 },
	{ "nothing over a message", "abc", "xyz", 0 },
	{ "nothing over nothing", "", "xyz", 0 },
	{ "terminators", "abcdefgh", "\0a\0\0", 4 },
};

KUNIT_ARRAY_PARAM_DESC(set, set_cases, desc);

static const struct byte_case {
	const char *desc;
	const char *bytes;
	size_t len;
	unsigned long index;
	int ret;
} byte_cases[] = {
	{ "the first of one", "a", 1, 0, 'a' },
	{ "the first of three", "abc", 3, 0, 'a' },
	{ "the middle of three", "abc", 3, 1, 'b' },
	{ "the last of three", "abc", 3, 2, 'c' },
	{ "the end of three", "abc", 3, 3, 0 },
	{ "past the end of three", "abc", 3, 4, 0 },
	{ "past the terminator", "a\0c", 3, 2, 'c' },
	{ "the terminator", "a\0c", 3, 1, 0 },
	{ "the last that there is room for", "abc", 3, CAPACITY - 1, 0 },
	{ "the end of the room", "abc", 3, CAPACITY, 0 },
	{ "past the room", "abc", 3, CAPACITY + 1, -EINVAL },
	{ "at the largest index", "abc", 3, ULONG_MAX, -EINVAL },
	{ "at an index of the right low half", "abc", 3, ULONG_MAX / 2 + 2, -EINVAL },
	{ "the last of a full message", "abcdefgh", 8, 7, 'h' },
	{ "the end of a full message", "abcdefgh", 8, 8, 0 },
	{ "past a full message", "abcdefgh", 8, 9, -EINVAL },
	{ "the first of none", "", 0, 0, 0 },
	{ "the end of the room of none", "", 0, CAPACITY, 0 },
	{ "past the room of none", "", 0, CAPACITY + 1, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(byte, byte_cases, desc);

static const struct string_case {
	const char *desc;
	const char *bytes;
	size_t len;
	const char *text;
} string_cases[] = {
	{ "an empty message", "", 0, "" },
	{ "a message of one byte", "a", 1, "a" },
	{ "a message", "hello", 5, "hello" },
	{ "a full message", "abcdefgh", 8, "abcdefgh" },
	{ "a full message with a terminator last", "abcdefg\0", 8, "abcdefg" },
	{ "a terminator inside", "ab\0de", 5, "ab" },
	{ "two terminators inside", "ab\0\0e", 5, "ab" },
	{ "a terminator first", "\0bc", 3, "" },
	{ "a terminator alone", "", 1, "" },
	{ "a newline and a byte of all bits", "\n\xff", 2, "\n\xff" },
};

KUNIT_ARRAY_PARAM_DESC(string, string_cases, desc);

static const char long_text[1000];

static const struct line_case {
	const char *desc;
	const char *text;
	size_t len;
	size_t line_len;
} line_cases[] = {
	{ "nothing", "\n", 0, 0 },
	{ "a newline alone", "\n", 1, 0 },
	{ "text without a newline", "abc", 3, 3 },
	{ "text with a newline", "abc\n", 4, 3 },
	{ "text with a newline behind its length", "abc\n", 3, 3 },
	{ "text with two newlines", "abc\n\n", 5, 4 },
	{ "a newline inside", "a\nb", 3, 3 },
	{ "a long text", long_text, 1000, 1000 },
};

KUNIT_ARRAY_PARAM_DESC(line, line_cases, desc);

static int msgbuf_test_init(struct kunit *test)
{
	struct msgbuf_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	memset(ctx, POISON, sizeof(*ctx));
	msgbuf_init(&ctx->msg, ctx->room, CAPACITY);
	test->priv = ctx;
	return 0;
}

static void expect_message(struct kunit *test, const char *bytes, size_t len)
{
	struct msgbuf_context *ctx = test->priv;

	KUNIT_ASSERT_EQ(test, ctx->msg.length, len);
	KUNIT_EXPECT_MEMEQ(test, ctx->msg.data, bytes, len);
	KUNIT_EXPECT_NULL(test, memchr_inv(ctx->after, POISON, CAPACITY));
}

static void msgbuf_test_init_is_empty(struct kunit *test)
{
	const struct msgbuf_context *ctx = test->priv;

	KUNIT_EXPECT_EQ(test, ctx->msg.length, 0);
	KUNIT_EXPECT_EQ(test, ctx->msg.capacity, CAPACITY);
	KUNIT_EXPECT_PTR_EQ(test, (const char *)ctx->msg.data, &ctx->room[0]);
	KUNIT_EXPECT_NULL(test, memchr_inv(ctx->room, POISON,
					   sizeof(ctx->room)));
}

static void msgbuf_test_write_at_offset(struct kunit *test)
{
	const struct write_case *param = test->param_value;
	struct msgbuf_context *ctx = test->priv;

	msgbuf_write(&ctx->msg, param->before, strlen(param->before), 0);

	KUNIT_EXPECT_EQ(test, msgbuf_write(&ctx->msg, param->src,
					   strlen(param->src), param->offset),
			param->ret);
	expect_message(test, param->after, strlen(param->after));
}

/*
 * A write that begins and does not end changes nothing, whatever is put into its
 * place.  One that ends makes what is there a part of the message.
 */
static void msgbuf_test_begin_at_offset(struct kunit *test)
{
	const struct write_case *param = test->param_value;
	const size_t len = strlen(param->before);
	struct msgbuf_context *ctx = test->priv;
	char *place = NULL;

	msgbuf_set(&ctx->msg, param->before, len);

	KUNIT_ASSERT_EQ(test, msgbuf_begin(&ctx->msg, strlen(param->src),
					   param->offset, &place), param->ret);
	expect_message(test, param->before, len);
	if (param->ret <= 0) {
		KUNIT_EXPECT_NULL(test, place);
		return;
	}
	KUNIT_ASSERT_NOT_NULL(test, place);
	memset(place, 'X', param->ret);
	KUNIT_EXPECT_MEMEQ(test, ctx->msg.data, param->before, len);

	memcpy(place, param->src, param->ret);
	msgbuf_end(&ctx->msg, place, param->ret);
	expect_message(test, param->after, strlen(param->after));
}

static void msgbuf_test_write_any_byte(struct kunit *test)
{
	static const char bytes[] = { '\0', '\n', '\xff', '\x7f', '\x80' };
	struct msgbuf_context *ctx = test->priv;

	KUNIT_EXPECT_EQ(test, msgbuf_write(&ctx->msg, bytes, sizeof(bytes), 0),
			sizeof(bytes));
	expect_message(test, bytes, sizeof(bytes));
}

static void msgbuf_test_set_replaces_message(struct kunit *test)
{
	const struct set_case *param = test->param_value;
	struct msgbuf_context *ctx = test->priv;

	msgbuf_write(&ctx->msg, param->before, strlen(param->before), 0);

	msgbuf_set(&ctx->msg, param->src, param->len);
	expect_message(test, param->src, param->len);
}

static void msgbuf_test_set_leaves_the_rest_of_the_room(struct kunit *test)
{
	struct msgbuf_context *ctx = test->priv;

	msgbuf_set(&ctx->msg, "abc", 3);
	KUNIT_EXPECT_NULL(test, memchr_inv(&ctx->msg.data[3], POISON,
					   CAPACITY - 3));
}

static void msgbuf_test_write_after_set(struct kunit *test)
{
	struct msgbuf_context *ctx = test->priv;

	msgbuf_set(&ctx->msg, "abc", 3);
	KUNIT_EXPECT_EQ(test, msgbuf_write(&ctx->msg, "de", 2, 3), 2);
	expect_message(test, "abcde", 5);
}

/*
 * CHARDEV2-1: an index past the capacity is an error, so no memory outside of
 * the message is read.
 */
static void msgbuf_test_byte_at_index(struct kunit *test)
{
	const struct byte_case *param = test->param_value;
	struct msgbuf_context *ctx = test->priv;

	msgbuf_set(&ctx->msg, param->bytes, param->len);

	KUNIT_EXPECT_EQ(test, msgbuf_byte(&ctx->msg, param->index), param->ret);
	expect_message(test, param->bytes, param->len);
}

/* CHARDEV2-2: each byte is returned as 0..255, never as a negative number. */
static void msgbuf_test_byte_of_any_value(struct kunit *test)
{
	struct msgbuf_context *ctx = test->priv;
	int value;

	for (value = 0; value <= U8_MAX; value++) {
		const char byte = value;

		msgbuf_set(&ctx->msg, &byte, 1);
		KUNIT_EXPECT_EQ(test, msgbuf_byte(&ctx->msg, 0), value);
	}
}

/*
 * CHARDEV2-18: bytes of a longer message cannot be read after a shorter message
 * has replaced it.
 */
static void msgbuf_test_byte_behind_a_shorter_message(struct kunit *test)
{
	struct msgbuf_context *ctx = test->priv;

	msgbuf_set(&ctx->msg, "hello", 5);
	msgbuf_set(&ctx->msg, "HI", 2);

	KUNIT_EXPECT_EQ(test, msgbuf_byte(&ctx->msg, 1), 'I');
	KUNIT_EXPECT_EQ(test, msgbuf_byte(&ctx->msg, 2), 0);
	KUNIT_EXPECT_EQ(test, msgbuf_byte(&ctx->msg, 4), 0);
}

/* The length is computed by the first call and known to the second. */
static void expect_string(struct kunit *test, const char *text)
{
	struct msgbuf_context *ctx = test->priv;

	KUNIT_ASSERT_EQ(test, msgbuf_string_length(&ctx->msg), strlen(text));
	KUNIT_ASSERT_EQ(test, msgbuf_string_length(&ctx->msg), strlen(text));
	KUNIT_EXPECT_STREQ(test, (const char *)ctx->msg.data, text);
}

static void msgbuf_test_string_length_of_message(struct kunit *test)
{
	const struct string_case *param = test->param_value;
	struct msgbuf_context *ctx = test->priv;

	msgbuf_set(&ctx->msg, param->bytes, param->len);

	expect_string(test, param->text);
	expect_message(test, param->bytes, param->len);
}

static void msgbuf_test_string_length_after_a_change(struct kunit *test)
{
	struct msgbuf_context *ctx = test->priv;

	expect_string(test, "");
	msgbuf_set(&ctx->msg, "hello", 5);
	expect_string(test, "hello");
	msgbuf_set(&ctx->msg, "HI", 2);
	expect_string(test, "HI");
	msgbuf_write(&ctx->msg, "ab\0c", 4, 2);
	expect_string(test, "HIab");
}

/* A write that has begun, but not ended, may have left bytes of any value. */
static void msgbuf_test_string_length_after_a_begin(struct kunit *test)
{
	struct msgbuf_context *ctx = test->priv;
	char *place;

	msgbuf_set(&ctx->msg, "abc", 3);
	KUNIT_ASSERT_EQ(test, msgbuf_begin(&ctx->msg, 5, 3, &place), 5);
	memset(place, 'X', 5);

	expect_string(test, "abc");
	expect_message(test, "abc", 3);
}

static void msgbuf_test_line_length_of_text(struct kunit *test)
{
	const struct line_case *param = test->param_value;

	KUNIT_EXPECT_EQ(test, msgbuf_line_length(param->text, param->len),
			param->line_len);
}

static void assert_like_model(struct kunit *test, const struct msgbuf_model *model)
{
	struct msgbuf_context *ctx = test->priv;
	u32 index;

	expect_message(test, model->bytes, model->length);
	expect_string(test, model->bytes);
	for (index = 0; index <= CAPACITY + 1; index++)
		KUNIT_ASSERT_EQ(test, msgbuf_byte(&ctx->msg, index),
				msgbuf_model_byte(model, index));
}

static void msgbuf_test_random_against_model(struct kunit *test)
{
	struct msgbuf_model model = { .capacity = CAPACITY };
	struct msgbuf_context *ctx = test->priv;
	char src[2 * CAPACITY];
	struct rnd_state rnd;
	u32 offset, len, op;

	prandom_seed_state(&rnd, RANDOM_SEED);
	for (op = 0; op < RANDOM_OPS; op++) {
		prandom_bytes_state(&rnd, src, sizeof(src));
		offset = prandom_u32_state(&rnd) % (CAPACITY + 2);
		len = prandom_u32_state(&rnd) % sizeof(src);

		if (op % 8 == 0 && len <= CAPACITY) {
			msgbuf_set(&ctx->msg, src, len);
			msgbuf_model_set(&model, src, len);
		} else {
			src[len % CAPACITY] = 0;
			KUNIT_ASSERT_EQ(test, msgbuf_write(&ctx->msg, src, len, offset),
					msgbuf_model_write(&model, src, len, offset));
		}
		assert_like_model(test, &model);
	}
}

static struct kunit_case msgbuf_test_cases[] = {
	KUNIT_CASE(msgbuf_test_init_is_empty),
	KUNIT_CASE_PARAM(msgbuf_test_write_at_offset, write_gen_params),
	KUNIT_CASE_PARAM(msgbuf_test_begin_at_offset, write_gen_params),
	KUNIT_CASE(msgbuf_test_write_any_byte),
	KUNIT_CASE_PARAM(msgbuf_test_set_replaces_message, set_gen_params),
	KUNIT_CASE(msgbuf_test_set_leaves_the_rest_of_the_room),
	KUNIT_CASE(msgbuf_test_write_after_set),
	KUNIT_CASE_PARAM(msgbuf_test_byte_at_index, byte_gen_params),
	KUNIT_CASE(msgbuf_test_byte_of_any_value),
	KUNIT_CASE(msgbuf_test_byte_behind_a_shorter_message),
	KUNIT_CASE_PARAM(msgbuf_test_string_length_of_message, string_gen_params),
	KUNIT_CASE(msgbuf_test_string_length_after_a_change),
	KUNIT_CASE(msgbuf_test_string_length_after_a_begin),
	KUNIT_CASE_PARAM(msgbuf_test_line_length_of_text, line_gen_params),
	KUNIT_CASE(msgbuf_test_random_against_model),
	{}
};

static struct kunit_suite msgbuf_test_suite = {
	.name = "msgbuf",
	.init = msgbuf_test_init,
	.test_cases = msgbuf_test_cases,
};

kunit_test_suite(msgbuf_test_suite);
