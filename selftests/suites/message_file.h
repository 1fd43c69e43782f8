/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Message - tests of a file that keeps the last message
 *
 *	offset 0		a write starts a new message
 *	offset at the end	a write appends to the message
 *	any other offset	-EINVAL
 *
 * A test program includes this file and adds a variant for each file that it
 * tests.  These tests have one writer; those of message_file_share.h have
 * several.  A test opens the file only once, because some files refuse a second
 * open.
 */
#ifndef _SELFTESTS_SUITES_MESSAGE_FILE_H
#define _SELFTESTS_SUITES_MESSAGE_FILE_H

#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/usermem.h"

#define MESSAGE_MAX	4096

/*
 * This is static, so that its address is low: even a buffer with a very large
 * count ends below the limit of user addresses.
 */
static char message_buf[MESSAGE_MAX];

FIXTURE(message)
{
	char seen[MESSAGE_MAX];
	int fd;
};

/*
 * A read returns the text .before, then the message, then the text .after.
 * NULL stands for "".  Before the first write, the message is .first.  A
 * message has at most .capacity bytes.
 */
FIXTURE_VARIANT(message)
{
	const char *module;
	const char *path;
	const char *before;
	const char *after;
	const char *first;
	long capacity;
};

FIXTURE_SETUP(message)
{
	ASSERT_EQ(0, module_reload(variant->module, ""));
	self->fd = open(variant->path, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(message)
{
	close(self->fd);
	EXPECT_EQ(0, module_unload(variant->module));
}

/*
 * Reads the file, whose message must be the @len bytes at @bytes; returns what
 * is wrong, or "".
 */
static const char *message_bytes(FIXTURE_DATA(message) * self,
				 const FIXTURE_VARIANT(message) * variant,
				 const char *bytes, long len)
{
	static char wrong[96];
	const char *before = variant->before ? variant->before : "";
	const char *after = variant->after ? variant->after : "";
	long at = strlen(before);
	long end = at + len + strlen(after);
	long ret;

	memset(self->seen, FILE_POISON, MESSAGE_MAX);
	ret = sysret(pread(self->fd, self->seen, MESSAGE_MAX, 0));

	wrong[0] = '\0';
	if (ret != end)
		snprintf(wrong, sizeof(wrong), "read gave %ld, not %ld", ret,
			 end);
	else if ((long)file_unpoisoned(self->seen, MESSAGE_MAX) > end)
		return "read wrote more than it said";
	else if (memcmp(bytes, self->seen + at, len))
		return "read gave another message";
	else if (memcmp(before, self->seen, at) ||
		 memcmp(after, self->seen + at + len, end - at - len))
		return "read gave other words around the message";
	return wrong;
}

static const char *message_text(FIXTURE_DATA(message) * self,
				const FIXTURE_VARIANT(message) * variant,
				const char *text)
{
	return message_bytes(self, variant, text, strlen(text));
}

/* Macros, so that a failed expectation reports the line of the test. */
#define EXPECT_BYTES(self, variant, bytes, len)	\
	EXPECT_STREQ("", message_bytes(self, variant, bytes, len))
#define EXPECT_MESSAGE(self, variant, text)	\
	EXPECT_STREQ("", message_text(self, variant, text))

static inline long message_pwrite(int fd, const char *text, off_t at)
{
	return sysret(pwrite(fd, text, strlen(text), at));
}

/* Fills message_buf with a pattern that is different if it is shifted. */
static inline void message_fill(void)
{
	int i;

	for (i = 0; i < MESSAGE_MAX; i++)
		message_buf[i] = 'a' + (i + i / 26) % 26;
}

TEST_F(message, is_there_before_the_first_write)
{
	EXPECT_MESSAGE(self, variant, variant->first);
}

/* PROCFS2-5 */
TEST_F(message, is_what_was_written)
{
	EXPECT_EQ(3, sysret(write(self->fd, "abc", 3)));

	EXPECT_EQ(3, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_MESSAGE(self, variant, "abc");
}

/* PROCFS2-9, PROCFS3-10 */
TEST_F(message, grows_by_a_write_at_its_end)
{
	EXPECT_EQ(3, sysret(write(self->fd, "abc", 3)));
	EXPECT_EQ(2, sysret(write(self->fd, "de", 2)));
	EXPECT_MESSAGE(self, variant, "abcde");

	EXPECT_EQ(1, message_pwrite(self->fd, "f", 5));
	EXPECT_MESSAGE(self, variant, "abcdef");
}

/* CHARDEV2-6 */
TEST_F(message, is_replaced_whole_by_a_shorter_one)
{
	EXPECT_EQ(11, message_pwrite(self->fd, "hello world", 0));
	EXPECT_EQ(2, message_pwrite(self->fd, "hi", 0));
	EXPECT_MESSAGE(self, variant, "hi");

	EXPECT_EQ(1, message_pwrite(self->fd, "x", 2));
	EXPECT_MESSAGE(self, variant, "hix");
}

/* PROCFS2-9, PROCFS3-10 */
TEST_F(message, can_be_written_at_its_start_and_end_only)
{
	long at;

	for (at = 0; at <= variant->capacity + 1; at++) {
		ASSERT_EQ(5, message_pwrite(self->fd, "hello", 0));
		EXPECT_EQ(at && at != 5 ? -EINVAL : 2,
			  message_pwrite(self->fd, "xy", at));
		if (at && at != 5)
			EXPECT_MESSAGE(self, variant, "hello");
	}
}

TEST_F(message, cannot_be_written_far_beyond_its_end)
{
	static const long offsets[] = {
		MESSAGE_MAX, INT_MAX, UINT_MAX, UINT_MAX + 1L, UINT_MAX + 6L,
		LONG_MAX - 2, LONG_MAX, -1, LONG_MIN,
	};
	size_t i;

	ASSERT_EQ(5, message_pwrite(self->fd, "hello", 0));
	for (i = 0; i < ARRAY_SIZE(offsets); i++)
		EXPECT_EQ(-EINVAL, message_pwrite(self->fd, "xy", offsets[i]));
	EXPECT_MESSAGE(self, variant, "hello");
}

/* SLEEP-7 */
TEST_F(message, is_not_changed_by_a_write_of_nothing)
{
	ASSERT_EQ(5, message_pwrite(self->fd, "hello", 0));

	EXPECT_EQ(0, message_pwrite(self->fd, "", 0));
	EXPECT_EQ(0, message_pwrite(self->fd, "", 5));
	EXPECT_EQ(0, sysret(write(self->fd, NULL, 0)));
	EXPECT_EQ(0, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_MESSAGE(self, variant, "hello");
}

/* PROCFS2-6, PROCFS3-2 */
TEST_F(message, may_be_as_long_as_there_is_room)
{
	long len;

	message_fill();
	for (len = variant->capacity - 1; len <= variant->capacity; len++) {
		EXPECT_EQ(len, sysret(pwrite(self->fd, message_buf, len, 0)));
		EXPECT_BYTES(self, variant, message_buf, len);
	}
}

/* PROCFS2-6, PROCFS2-9, PROCFS3-10, SLEEP-7, CHARDEV2-10 */
TEST_F(message, is_written_as_far_as_it_fits)
{
	static const long counts[] = { 1, 2, 1000, UINT_MAX, 1L << 40 };
	long max = variant->capacity;
	size_t i;

	message_fill();
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		ASSERT_EQ(1, message_pwrite(self->fd, "x", 0));
		EXPECT_EQ(max, sysret(pwrite(self->fd, message_buf,
					     max + counts[i], 0)));
		EXPECT_BYTES(self, variant, message_buf, max);
	}
}

/* PROCFS2-9, PROCFS3-10 */
TEST_F(message, is_appended_to_as_far_as_it_fits)
{
	long max = variant->capacity;

	message_fill();
	ASSERT_EQ(max - 3, sysret(write(self->fd, message_buf, max - 3)));

	EXPECT_EQ(3, sysret(write(self->fd, message_buf + max - 3, 5)));
	EXPECT_EQ(max, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_BYTES(self, variant, message_buf, max);
}

/* PROCFS2-9, PROCFS3-10, CHARDEV2-10 */
TEST_F(message, is_not_changed_by_what_does_not_fit_at_all)
{
	long max = variant->capacity;

	message_fill();
	ASSERT_EQ(max, sysret(write(self->fd, message_buf, max)));

	EXPECT_EQ(-ENOSPC, sysret(write(self->fd, "x", 1)));
	EXPECT_EQ(-ENOSPC, sysret(write(self->fd, message_buf, MESSAGE_MAX)));
	EXPECT_EQ(max, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_BYTES(self, variant, message_buf, max);
}

/* PROCFS2-9, PROCFS3-10 */
TEST_F(message, may_be_written_byte_by_byte)
{
	long i;

	message_fill();
	for (i = 0; i < variant->capacity; i++)
		ASSERT_EQ(1, sysret(write(self->fd, message_buf + i, 1)));

	EXPECT_BYTES(self, variant, message_buf, variant->capacity);
}

TEST_F(message, grows_wherever_one_appends)
{
	ASSERT_EQ(3, message_pwrite(self->fd, "abc", 0));
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_APPEND));

	EXPECT_EQ(0, lseek(self->fd, 0, SEEK_SET));
	EXPECT_EQ(1, sysret(write(self->fd, "d", 1)));
	EXPECT_EQ(4, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_EQ(2, lseek(self->fd, 2, SEEK_SET));
	EXPECT_EQ(2, sysret(write(self->fd, "ef", 2)));
	EXPECT_EQ(1, message_pwrite(self->fd, "g", 1));
	EXPECT_MESSAGE(self, variant, "abcdefg");
}

TEST_F(message, may_have_bytes_of_every_value)
{
	static const char odd[] = "\0\xff\n\0a\x1b[2J\\%s\x7f\x80\0\xff";

	EXPECT_EQ((long)sizeof(odd),
		  sysret(write(self->fd, odd, sizeof(odd))));
	EXPECT_EQ(2, sysret(write(self->fd, "\xff\0", 2)));

	memcpy(message_buf, odd, sizeof(odd));
	memcpy(message_buf + sizeof(odd), "\xff\0", 2);
	EXPECT_BYTES(self, variant, message_buf, (long)sizeof(odd) + 2);
}

/* PROCFS2-8, PROCFS3-3, SLEEP-5, CHARDEV2-4 */
TEST_F(message, is_not_changed_by_a_bad_buffer)
{
	struct usermem mem;
	int kind;

	ASSERT_EQ(0, usermem_init(&mem));
	ASSERT_EQ(5, sysret(write(self->fd, "hello", 5)));

	for (kind = 0; kind < NR_USERMEM_KINDS; kind++) {
		void *addr = usermem_addr(&mem, kind);

		EXPECT_EQ(-EFAULT, sysret(write(self->fd, addr, 9)));
		EXPECT_EQ(-EFAULT, sysret(pwrite(self->fd, addr, 3, 0)));
		EXPECT_EQ(5, lseek(self->fd, 0, SEEK_CUR));
		EXPECT_MESSAGE(self, variant, "hello");
	}
	usermem_destroy(&mem);
}

/* PROCFS3-1, SLEEP-3 */
TEST_F(message, is_not_used_up_by_reading)
{
	char few[3];

	ASSERT_EQ(11, message_pwrite(self->fd, "hello world", 0));

	EXPECT_EQ(3, sysret(read(self->fd, few, 3)));
	EXPECT_EQ(0, sysret(read(self->fd, few, 0)));
	EXPECT_EQ(1, sysret(pread(self->fd, few, 1, 0)));
	EXPECT_MESSAGE(self, variant, "hello world");
}

#endif /* _SELFTESTS_SUITES_MESSAGE_FILE_H */
