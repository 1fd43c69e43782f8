// SPDX-License-Identifier: GPL-2.0
/*
 * Message buffer tests - every offset, what fits, and what must stay
 */
#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <linux/types.h>

#include "msgbuf.h"

#define CAPACITY	8
#define POISON		0x5a
#define RANDOM_SEED	19910825
#define RANDOM_OPS	20000

struct msgbuf_context {
	struct msgbuf_message msg;
	char data[CAPACITY];
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
	{ "one behind the end", "abc", "X", 4, -EINVAL, "abc" },
	{ "behind the capacity", "abc", "X", CAPACITY + 1, -EINVAL, "abc" },
	{ "behind an empty message", "", "X", 1, -EINVAL, "" },
	{ "at the largest offset", "abc", "X", U64_MAX, -EINVAL, "abc" },
	{ "at an offset of the right low half", "abc", "X", BIT_ULL(32) + 3, -EINVAL, "abc" },
	{ "nothing inside the message", "abc", "", 1, -EINVAL, "abc" },
};

KUNIT_ARRAY_PARAM_DESC(write, write_cases, desc);

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
	{ "as long as a line may be", long_text, 240, 240 },
	{ "longer than a line may be", long_text, 241, 240 },
	{ "much longer than a line may be", long_text, 1000, 240 },
};

KUNIT_ARRAY_PARAM_DESC(line, line_cases, desc);

static int msgbuf_test_init(struct kunit *test)
{
	struct msgbuf_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	memset(ctx, POISON, sizeof(*ctx));
	msgbuf_init(&ctx->msg, ctx->data, CAPACITY);
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
	KUNIT_EXPECT_PTR_EQ(test, (const char *)ctx->msg.data, &ctx->data[0]);
	KUNIT_EXPECT_NULL(test, memchr_inv(ctx->data, POISON, CAPACITY));
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

static void msgbuf_test_write_any_byte(struct kunit *test)
{
	static const char bytes[] = { '\0', '\n', '\xff', '\x7f', '\x80' };
	struct msgbuf_context *ctx = test->priv;

	KUNIT_EXPECT_EQ(test, msgbuf_write(&ctx->msg, bytes, sizeof(bytes), 0),
			sizeof(bytes));
	expect_message(test, bytes, sizeof(bytes));
}

static void msgbuf_test_line_length_of_text(struct kunit *test)
{
	const struct line_case *param = test->param_value;

	KUNIT_EXPECT_EQ(test, msgbuf_line_length(param->text, param->len),
			param->line_len);
}

/* The model keeps the message the slow way: it rebuilds it with each write. */
static void msgbuf_test_random_against_model(struct kunit *test)
{
	struct msgbuf_context *ctx = test->priv;
	u32 offset, len, fits, op, model_len = 0;
	char model[CAPACITY], src[2 * CAPACITY];
	struct rnd_state rnd;
	int ret;

	prandom_seed_state(&rnd, RANDOM_SEED);
	for (op = 0; op < RANDOM_OPS; op++) {
		prandom_bytes_state(&rnd, src, sizeof(src));
		offset = prandom_u32_state(&rnd) % (CAPACITY + 2);
		len = prandom_u32_state(&rnd) % sizeof(src);
		fits = min(len, CAPACITY - min(offset, CAPACITY));

		ret = msgbuf_write(&ctx->msg, src, len, offset);
		if (offset && offset != model_len) {
			KUNIT_ASSERT_EQ(test, ret, -EINVAL);
		} else if (len && !fits) {
			KUNIT_ASSERT_EQ(test, ret, -ENOSPC);
		} else {
			KUNIT_ASSERT_EQ(test, ret, fits);
			memcpy(model + offset, src, fits);
			model_len = len ? offset + fits : model_len;
		}
		expect_message(test, model, model_len);
	}
}

static struct kunit_case msgbuf_test_cases[] = {
	KUNIT_CASE(msgbuf_test_init_is_empty),
	KUNIT_CASE_PARAM(msgbuf_test_write_at_offset, write_gen_params),
	KUNIT_CASE(msgbuf_test_write_any_byte),
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

MODULE_DESCRIPTION("KUnit tests for the message buffer");
MODULE_LICENSE("GPL");
