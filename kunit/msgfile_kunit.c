// SPDX-License-Identifier: GPL-2.0
/*
 * Message file tests - reads and writes, also past the end of the user's memory
 *
 * The user's memory is one page.  An access to the byte after it faults.
 */
#include <kunit/test-bug.h>
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mutex.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#include "msgbuf.h"
#include "msgfile.h"

#define CAPACITY	8
#define POISON		0x5a
#define LONG_CAPACITY	300

struct msgfile_context {
	struct msgfile mf;
	struct file file;
	char room[MSGBUF_ROOM(CAPACITY)];
	char after[CAPACITY];
	char __user *user_end;
	char written[2 * CAPACITY];
	size_t written_len;
	u32 nr_written;
};

static const struct read_case {
	const char *desc;
	loff_t pos;
	size_t count;
	ssize_t ret;
	const char *bytes;
} read_cases[] = {
	{ "the whole message", 0, 5, 5, "hello" },
	{ "less than the message", 0, 2, 2, "he" },
	{ "more than the message", 0, 6, 5, "hello" },
	{ "2 GiB", 0, SZ_2G, 5, "hello" },
	{ "all of memory", 0, SIZE_MAX, 5, "hello" },
	{ "nothing", 0, 0, 0, "" },
	{ "the middle", 1, 3, 3, "ell" },
	{ "the last byte", 4, 5, 1, "o" },
	{ "the end", 5, 5, 0, "" },
	{ "behind the end", 6, 5, 0, "" },
	{ "behind the room", CAPACITY + 1, 5, 0, "" },
	{ "at the largest offset", LLONG_MAX, 5, 0, "" },
	{ "before the start", -1, 5, -EINVAL, "" },
};

KUNIT_ARRAY_PARAM_DESC(read, read_cases, desc);

static const struct write_case {
	const char *desc;
	const char *before;
	unsigned int flags;
	loff_t pos;
	const char *src;
	ssize_t ret;
	const char *after;
} write_cases[] = {
	{ "a message", "", 0, 0, "hello", 5, "hello" },
	{ "a shorter message", "hello", 0, 0, "HI", 2, "HI" },
	{ "at the end", "abc", 0, 3, "de", 2, "abcde" },
	{ "at the end, more than fits", "abcdef", 0, 6, "ghij", 2, "abcdefgh" },
	{ "more than there is room", "abc", 0, 0, "abcdefghij", 8, "abcdefgh" },
	{ "at the end of a full message", "abcdefgh", 0, 8, "i", -ENOSPC, "abcdefgh" },
	{ "inside the message", "abc", 0, 1, "X", -EINVAL, "abc" },
	{ "behind the message", "abc", 0, 4, "X", -EINVAL, "abc" },
	{ "before the start", "abc", 0, -1, "X", -EINVAL, "abc" },
	{ "nothing", "abc", 0, 0, "", 0, "abc" },
	{ "appended from the start", "abc", O_APPEND, 0, "de", 2, "abcde" },
	{ "appended from the middle", "abc", O_APPEND, 1, "de", 2, "abcde" },
	{ "appended from behind the message", "abc", O_APPEND, 7, "de", 2, "abcde" },
	{ "appended to nothing", "", O_APPEND, 7, "de", 2, "de" },
	{ "appended, more than fits", "abcdef", O_APPEND, 0, "ghij", 2, "abcdefgh" },
	{ "appended to a full message", "abcdefgh", O_APPEND, 0, "i", -ENOSPC, "abcdefgh" },
};

KUNIT_ARRAY_PARAM_DESC(write, write_cases, desc);

/*
 * The message file calls this with the bytes that a write has added.  It keeps
 * a copy of them.  It runs in the thread of the test.
 */
static void keep_written(const char *bytes, size_t len)
{
	struct kunit *test = kunit_get_current_test();
	struct msgfile_context *ctx = test->priv;

	KUNIT_EXPECT_TRUE(test, mutex_is_locked(&ctx->mf.lock));
	KUNIT_ASSERT_LE(test, len, CAPACITY);
	memcpy(ctx->written, bytes, len);
	ctx->written_len = len;
	ctx->nr_written++;
}

static int msgfile_test_init(struct kunit *test)
{
	struct msgfile_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	unsigned long addr;

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	addr = kunit_vm_mmap(test, NULL, 0, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE,
			     MAP_ANONYMOUS | MAP_PRIVATE, 0);
	KUNIT_ASSERT_NE(test, addr, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(addr));
	KUNIT_ASSERT_EQ(test, vm_munmap(addr + PAGE_SIZE, PAGE_SIZE), 0);

	memset(ctx->room, POISON, sizeof(ctx->room));
	memset(ctx->after, POISON, sizeof(ctx->after));
	ctx->user_end = (char __user *)addr + PAGE_SIZE;
	msgfile_init(&ctx->mf, ctx->room, CAPACITY, keep_written);
	test->priv = ctx;
	return 0;
}

/* Copies @bytes to the end of the user's page.  Returns their address there. */
static char __user *user_text(struct kunit *test, const char *bytes, size_t len)
{
	struct msgfile_context *ctx = test->priv;
	char __user *user = ctx->user_end - len;

	KUNIT_ASSERT_EQ(test, copy_to_user(user, bytes, len), 0);
	return user;
}

/* Poisons the last @len bytes of the user's page.  Returns their address. */
static char __user *user_room(struct kunit *test, size_t len)
{
	char bytes[2 * CAPACITY];

	memset(bytes, POISON, sizeof(bytes));
	return user_text(test, bytes, len);
}

static void expect_user_text(struct kunit *test, const char __user *user,
			     const char *bytes, size_t len)
{
	char got[2 * CAPACITY];

	KUNIT_ASSERT_EQ(test, copy_from_user(got, user, len), 0);
	KUNIT_EXPECT_MEMEQ(test, got, bytes, len);
}

static void expect_message(struct kunit *test, const char *text)
{
	struct msgfile_context *ctx = test->priv;

	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&ctx->mf.lock));
	KUNIT_ASSERT_EQ(test, ctx->mf.msg.length, strlen(text));
	KUNIT_EXPECT_MEMEQ(test, ctx->mf.msg.data, text, strlen(text));
	KUNIT_EXPECT_NULL(test, memchr_inv(ctx->after, POISON, CAPACITY));
}

static struct msgfile_context *begin(struct kunit *test, const char *text)
{
	struct msgfile_context *ctx = test->priv;

	msgbuf_set(&ctx->mf.msg, text, strlen(text));
	return ctx;
}

static void msgfile_test_init_is_empty(struct kunit *test)
{
	struct msgfile_context *ctx = test->priv;
	char __user *user = user_room(test, CAPACITY);
	loff_t pos = 0;

	expect_message(test, "");
	KUNIT_EXPECT_EQ(test, msgfile_read(&ctx->mf, user, CAPACITY, &pos), 0);
	KUNIT_EXPECT_EQ(test, pos, 0);
}

static void msgfile_test_read_at_offset(struct kunit *test)
{
	const struct read_case *param = test->param_value;
	struct msgfile_context *ctx = begin(test, "hello");
	char __user *user = user_room(test, 2 * CAPACITY);
	char want[2 * CAPACITY];
	loff_t pos = param->pos;

	memset(want, POISON, sizeof(want));
	memcpy(want, param->bytes, strlen(param->bytes));

	KUNIT_EXPECT_EQ(test, msgfile_read(&ctx->mf, user, param->count, &pos),
			param->ret);
	KUNIT_EXPECT_EQ(test, pos, param->pos + max(param->ret, 0));
	expect_user_text(test, user, want, sizeof(want));
	expect_message(test, "hello");
}

static void msgfile_test_read_in_chunks(struct kunit *test)
{
	struct msgfile_context *ctx = begin(test, "abcdefgh");
	char __user *user = user_room(test, CAPACITY);
	size_t chunk;
	loff_t pos;

	for (chunk = 1; chunk <= CAPACITY; chunk++) {
		user_room(test, CAPACITY);
		pos = 0;
		while (msgfile_read(&ctx->mf, user + pos, chunk, &pos) > 0)
			KUNIT_ASSERT_LE(test, pos, CAPACITY);
		KUNIT_EXPECT_EQ(test, pos, CAPACITY);
		expect_user_text(test, user, "abcdefgh", CAPACITY);
	}
}

/*
 * CHARDEV-2: a read that can copy only some bytes to the user returns their
 * number.  The next read returns -EFAULT.
 */
static void msgfile_test_read_past_the_users_memory(struct kunit *test)
{
	struct msgfile_context *ctx = begin(test, "hello");
	char __user *user = user_room(test, 2);
	loff_t pos = 0;

	KUNIT_EXPECT_EQ(test, msgfile_read(&ctx->mf, user, 5, &pos), 2);
	KUNIT_EXPECT_EQ(test, pos, 2);
	expect_user_text(test, user, "he", 2);

	KUNIT_EXPECT_EQ(test, msgfile_read(&ctx->mf, user + 2, 3, &pos), -EFAULT);
	KUNIT_EXPECT_EQ(test, pos, 2);
	expect_message(test, "hello");
}

static void msgfile_test_write_at_offset(struct kunit *test)
{
	const struct write_case *param = test->param_value;
	struct msgfile_context *ctx = begin(test, param->before);
	const size_t len = strlen(param->src);
	const char __user *user = user_text(test, param->src, len);
	loff_t pos = param->pos;

	ctx->file.f_flags = param->flags;
	KUNIT_EXPECT_EQ(test, msgfile_write(&ctx->mf, &ctx->file, user, len, &pos),
			param->ret);
	expect_message(test, param->after);
	if (param->ret > 0)
		KUNIT_EXPECT_EQ(test, pos, param->flags & O_APPEND ?
				strlen(param->after) : param->pos + param->ret);
	else if (!param->flags)
		KUNIT_EXPECT_EQ(test, pos, param->pos);
}

static void msgfile_test_write_tells_what_was_added(struct kunit *test)
{
	const struct write_case *param = test->param_value;
	struct msgfile_context *ctx = begin(test, param->before);
	const size_t len = strlen(param->src);
	const char __user *user = user_text(test, param->src, len);
	const size_t added = max(param->ret, 0);
	loff_t pos = param->pos;

	ctx->file.f_flags = param->flags;
	msgfile_write(&ctx->mf, &ctx->file, user, len, &pos);
	KUNIT_EXPECT_EQ(test, ctx->nr_written, added > 0);
	KUNIT_EXPECT_EQ(test, ctx->written_len, added);
	KUNIT_EXPECT_MEMEQ(test, ctx->written, param->src, added);
}

static void msgfile_test_write_tells_nobody(struct kunit *test)
{
	struct msgfile_context *ctx = test->priv;
	const char __user *user = user_text(test, "hello", 5);
	loff_t pos = 0;

	msgfile_init(&ctx->mf, ctx->room, CAPACITY, NULL);
	KUNIT_EXPECT_EQ(test, msgfile_write(&ctx->mf, &ctx->file, user, 5, &pos), 5);
	expect_message(test, "hello");
}

static void msgfile_test_write_in_chunks(struct kunit *test)
{
	struct msgfile_context *ctx = test->priv;
	const char __user *user = user_text(test, "abcdefgh", CAPACITY);
	size_t chunk, len;
	loff_t pos;

	for (chunk = 1; chunk <= CAPACITY; chunk++) {
		for (pos = 0; pos < CAPACITY;) {
			len = min(chunk, CAPACITY - (size_t)pos);
			KUNIT_ASSERT_EQ(test, msgfile_write(&ctx->mf, &ctx->file,
							    user + pos, len, &pos),
					len);
		}
		expect_message(test, "abcdefgh");
	}
}

/* For any count, a write reads at most @capacity bytes from the user. */
static void msgfile_test_write_more_than_memory(struct kunit *test)
{
	static const size_t counts[] = { CAPACITY + 1, SZ_2G, SIZE_MAX };
	struct msgfile_context *ctx = test->priv;
	const char __user *user = user_text(test, "abcdefgh", CAPACITY);
	loff_t pos;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		pos = 0;
		KUNIT_EXPECT_EQ(test, msgfile_write(&ctx->mf, &ctx->file, user,
						    counts[i], &pos), CAPACITY);
		KUNIT_EXPECT_EQ(test, pos, CAPACITY);
		expect_message(test, "abcdefgh");
	}
}

static void msgfile_test_write_past_the_users_memory(struct kunit *test)
{
	struct msgfile_context *ctx = begin(test, "abc");
	const char __user *user = user_text(test, "XYZ", 3);
	loff_t pos = 0;

	KUNIT_EXPECT_EQ(test, msgfile_write(&ctx->mf, &ctx->file, user, 5, &pos),
			-EFAULT);
	KUNIT_EXPECT_EQ(test, msgfile_write(&ctx->mf, &ctx->file, user + 3, 1, &pos),
			-EFAULT);
	KUNIT_EXPECT_EQ(test, pos, 0);
	KUNIT_EXPECT_EQ(test, ctx->nr_written, 0);
	expect_message(test, "abc");
}

/*
 * A page of the user's memory that has not been accessed yet is not present, so
 * the copy fails first, and the page is faulted in.  It then has zeros.
 */
static void msgfile_test_read_to_a_missing_page(struct kunit *test)
{
	struct msgfile_context *ctx = begin(test, "hello");
	char __user *user = ctx->user_end - 5;
	loff_t pos = 0;

	KUNIT_EXPECT_EQ(test, msgfile_read(&ctx->mf, user, 5, &pos), 5);
	KUNIT_EXPECT_EQ(test, pos, 5);
	expect_user_text(test, user, "hello", 5);
}

static void msgfile_test_write_from_a_missing_page(struct kunit *test)
{
	struct msgfile_context *ctx = begin(test, "hello");
	const char __user *user = ctx->user_end - 2;
	loff_t pos = 0;

	KUNIT_EXPECT_EQ(test, msgfile_write(&ctx->mf, &ctx->file, user, 2, &pos),
			2);
	KUNIT_EXPECT_EQ(test, pos, 2);
	KUNIT_EXPECT_EQ(test, ctx->nr_written, 1);
	KUNIT_ASSERT_EQ(test, ctx->mf.msg.length, 2);
	KUNIT_EXPECT_MEMEQ(test, ctx->mf.msg.data, "\0\0", 2);
}

/* Only the bytes that fit are read from the user, here one of two. */
static void msgfile_test_write_reads_what_fits(struct kunit *test)
{
	struct msgfile_context *ctx = begin(test, "abcdefg");
	const char __user *user = user_text(test, "h", 1);
	loff_t pos = 7;

	KUNIT_EXPECT_EQ(test, msgfile_write(&ctx->mf, &ctx->file, user, 2, &pos),
			1);
	KUNIT_EXPECT_EQ(test, pos, 8);
	expect_message(test, "abcdefgh");
}

/* Messages of every length are written and read back. */
static void msgfile_test_message_of_every_length(struct kunit *test)
{
	struct msgfile_context *ctx = test->priv;
	char *room = kunit_kzalloc(test, MSGBUF_ROOM(LONG_CAPACITY), GFP_KERNEL);
	char *bytes = kunit_kzalloc(test, LONG_CAPACITY, GFP_KERNEL);
	char *got = kunit_kzalloc(test, LONG_CAPACITY, GFP_KERNEL);
	char __user *user = ctx->user_end - LONG_CAPACITY;
	size_t len;
	loff_t pos;

	KUNIT_ASSERT_TRUE(test, room && bytes && got);
	msgfile_init(&ctx->mf, room, LONG_CAPACITY, NULL);
	for (len = 1; len <= LONG_CAPACITY; len++) {
		bytes[len - 1] = len;
		KUNIT_ASSERT_EQ(test, copy_to_user(user, bytes, len), 0);
		pos = 0;
		KUNIT_ASSERT_EQ(test, msgfile_write(&ctx->mf, &ctx->file, user,
						    len, &pos), len);
		KUNIT_ASSERT_EQ(test, clear_user(user, LONG_CAPACITY), 0);
		pos = 0;
		KUNIT_ASSERT_EQ(test, msgfile_read(&ctx->mf, user, LONG_CAPACITY,
						   &pos), len);
		KUNIT_ASSERT_EQ(test, copy_from_user(got, user, LONG_CAPACITY),
				0);
		KUNIT_ASSERT_MEMEQ(test, got, bytes, LONG_CAPACITY);
	}
}

/*
 * After a long copy that faults, the lock is free and the length is unchanged.
 */
static void msgfile_test_long_copies_past_the_users_memory(struct kunit *test)
{
	struct msgfile_context *ctx = test->priv;
	char *room = kunit_kzalloc(test, MSGBUF_ROOM(LONG_CAPACITY), GFP_KERNEL);
	loff_t pos = 0;

	KUNIT_ASSERT_NOT_NULL(test, room);
	msgfile_init(&ctx->mf, room, LONG_CAPACITY, NULL);
	ctx->mf.msg.length = LONG_CAPACITY;

	KUNIT_EXPECT_EQ(test, msgfile_write(&ctx->mf, &ctx->file,
					    user_room(test, 2), LONG_CAPACITY,
					    &pos), -EFAULT);
	KUNIT_EXPECT_EQ(test, msgfile_read(&ctx->mf, ctx->user_end,
					   LONG_CAPACITY, &pos), -EFAULT);
	KUNIT_EXPECT_EQ(test, pos, 0);
	KUNIT_EXPECT_EQ(test, msgfile_read(&ctx->mf, user_room(test, 2),
					   LONG_CAPACITY, &pos), 2);
	KUNIT_EXPECT_EQ(test, pos, 2);
	KUNIT_EXPECT_EQ(test, ctx->mf.msg.length, LONG_CAPACITY);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&ctx->mf.lock));
}

static struct kunit_case msgfile_test_cases[] = {
	KUNIT_CASE(msgfile_test_init_is_empty),
	KUNIT_CASE_PARAM(msgfile_test_read_at_offset, read_gen_params),
	KUNIT_CASE(msgfile_test_read_in_chunks),
	KUNIT_CASE(msgfile_test_read_past_the_users_memory),
	KUNIT_CASE_PARAM(msgfile_test_write_at_offset, write_gen_params),
	KUNIT_CASE_PARAM(msgfile_test_write_tells_what_was_added, write_gen_params),
	KUNIT_CASE(msgfile_test_write_tells_nobody),
	KUNIT_CASE(msgfile_test_write_in_chunks),
	KUNIT_CASE(msgfile_test_write_more_than_memory),
	KUNIT_CASE(msgfile_test_write_past_the_users_memory),
	KUNIT_CASE(msgfile_test_read_to_a_missing_page),
	KUNIT_CASE(msgfile_test_write_from_a_missing_page),
	KUNIT_CASE(msgfile_test_write_reads_what_fits),
	KUNIT_CASE(msgfile_test_message_of_every_length),
	KUNIT_CASE(msgfile_test_long_copies_past_the_users_memory),
	{}
};

static struct kunit_suite msgfile_test_suite = {
	.name = "msgfile",
	.init = msgfile_test_init,
	.test_cases = msgfile_test_cases,
};

kunit_test_suite(msgfile_test_suite);
