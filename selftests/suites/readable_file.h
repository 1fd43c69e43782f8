/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Readable - tests of a file whose content is a fixed sequence of bytes
 *
 * A test program includes this file and adds a variant for each file that it
 * tests.  A test opens the file only once, because the content may differ
 * between opens.
 */
#ifndef _SELFTESTS_SUITES_READABLE_FILE_H
#define _SELFTESTS_SUITES_READABLE_FILE_H

#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/lacking.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/usermem.h"

#define READABLE_MAX		4096
/*
 * If the content is long, a test tries only this many of the smallest and of
 * the largest chunk sizes.  If it is short, the test tries all.
 */
#define READABLE_NR_CHUNKS	64
#define READABLE_GIB		(1024 * 1024 * 1024L)

/*
 * This is static, so that its address is low: even a buffer with a very large
 * count ends below the limit of user addresses.
 */
static char readable_buf[READABLE_MAX];

FIXTURE(readable)
{
	struct usermem mem;
	char content[READABLE_MAX];
	long len;
	int fd;
};

/*
 * .prepare creates the file if loading the module does not; .write is written
 * to it first; .content is NULL if it is not known.  .params is NULL if the
 * module is loaded without parameters.
 */
FIXTURE_VARIANT(readable)
{
	const char *module;
	const char *params;
	int (*prepare)(void);
	const char *path;
	const char *write;
	const char *content;
};

FIXTURE_SETUP(readable)
{
	SKIP_IF_LACKING(return, module_lacking(variant->module));
	ASSERT_EQ(0, usermem_init(&self->mem));
	ASSERT_EQ(0, module_reload(variant->module, variant->params));
	if (variant->prepare)
		ASSERT_EQ(0, variant->prepare());
	if (variant->write) {
		ASSERT_EQ((long)strlen(variant->write),
			  file_write(variant->path, variant->write));
	}

	self->fd = open(variant->path, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	self->len = sysret(pread(self->fd, self->content, READABLE_MAX - 1, 0));
	ASSERT_LE(0, self->len);
	memset(readable_buf, FILE_POISON, READABLE_MAX);
}

FIXTURE_TEARDOWN(readable)
{
	close(self->fd);
	usermem_destroy(&self->mem);
	EXPECT_EQ(0, module_unload(variant->module));
}

/*
 * Checks the result @ret of a read of @count bytes at offset @at.  Returns what
 * is wrong, or "".  Poisons the buffer for the next read.
 */
static const char *readable_part(const FIXTURE_DATA(readable) * self,
				 long count, long at, long ret)
{
	static char wrong[96];
	long want = at < self->len ? self->len - at : 0;
	long touched = file_unpoisoned(readable_buf, READABLE_MAX);

	if (want > count)
		want = count;
	wrong[0] = '\0';
	if (ret != want)
		snprintf(wrong, sizeof(wrong),
			 "%ld bytes from %ld: got %ld, not %ld", count, at, ret,
			 want);
	else if (touched != want)
		snprintf(wrong, sizeof(wrong),
			 "%ld bytes from %ld: %ld were written", count, at,
			 touched);
	else if (want && memcmp(self->content + at, readable_buf, want))
		snprintf(wrong, sizeof(wrong),
			 "%ld bytes from %ld: not the content", count, at);

	memset(readable_buf, FILE_POISON, READABLE_MAX);
	return wrong;
}

static const char *readable_whole(const FIXTURE_DATA(readable) * self)
{
	return readable_part(self, READABLE_MAX, 0,
			     sysret(pread(self->fd, readable_buf, READABLE_MAX,
					  0)));
}

/* Macros, so that a failed expectation reports the line of the test. */
#define EXPECT_PART(self, count, at, ret)	\
	EXPECT_STREQ("", readable_part(self, count, at, ret))

#define EXPECT_UNTOUCHED()	EXPECT_EQ(0, file_unpoisoned(readable_buf, READABLE_MAX))

#define EXPECT_WHOLE(self)	EXPECT_STREQ("", readable_whole(self))

/* PROCFS1-2, PROCFS2-2 */
TEST_F(readable, has_the_content_and_nothing_behind_it)
{
	if (variant->content) {
		EXPECT_EQ((long)strlen(variant->content), self->len);
		EXPECT_STREQ(variant->content, self->content);
	}
	EXPECT_EQ((size_t)self->len, strlen(self->content));
	EXPECT_WHOLE(self);
}

/*
 * PROCFS1-1, PROCFS1-4, PROCFS2-1, PROCFS2-4, PROCFS3-2, SLEEP-4, VINPUT-1,
 * VINPUT-8
 */
TEST_F(readable, gives_the_same_bytes_in_chunks_of_every_size)
{
	long max = self->len + 2;
	long size;

	for (size = 1; size <= max; size++) {
		if (size == READABLE_NR_CHUNKS && max > 2 * size)
			size = max - READABLE_NR_CHUNKS;
		ASSERT_EQ(0, lseek(self->fd, 0, SEEK_SET));
		EXPECT_PART(self, READABLE_MAX, 0,
			    file_read_chunks(self->fd, readable_buf, READABLE_MAX,
					     size));
	}
}

/* PROCFS3-2, PROCFS4-1, CHARDEV-3, CHARDEV2-10, STATICKEY-5 */
TEST_F(readable, stays_at_its_end)
{
	int i;

	EXPECT_PART(self, READABLE_MAX, 0,
		    file_read_chunks(self->fd, readable_buf, READABLE_MAX,
				     READABLE_MAX));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, sysret(read(self->fd, readable_buf, READABLE_MAX)));
		EXPECT_EQ(self->len, lseek(self->fd, 0, SEEK_CUR));
	}
	EXPECT_UNTOUCHED();
}

TEST_F(readable, starts_again_after_a_seek_to_the_start)
{
	int i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, lseek(self->fd, 0, SEEK_SET));
		EXPECT_PART(self, READABLE_MAX, 0,
			    file_read_chunks(self->fd, readable_buf, READABLE_MAX,
					     READABLE_MAX));
	}
}

/* PROCFS1-4, PROCFS2-4, SLEEP-4, CHARDEV-1, CHARDEV2-3, STATICKEY-1 */
TEST_F(readable, gives_what_is_at_the_offset)
{
	long at;

	for (at = 0; at <= self->len + 2; at++) {
		EXPECT_PART(self, READABLE_MAX, at,
			    sysret(pread(self->fd, readable_buf, READABLE_MAX,
					 at)));
	}
}

TEST_F(readable, has_nothing_far_beyond_its_end)
{
	static const long offsets[] = {
		READABLE_MAX, INT_MAX, READABLE_GIB * 4 - 1, READABLE_GIB * 4,
		READABLE_GIB * 4 + 1, LONG_MAX - 64,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++)
		EXPECT_EQ(0, sysret(pread(self->fd, readable_buf, 64,
					  offsets[i])));
	EXPECT_UNTOUCHED();
	EXPECT_WHOLE(self);
}

TEST_F(readable, has_no_offset_that_is_negative_or_comes_to_be)
{
	EXPECT_EQ(-EINVAL, sysret(pread(self->fd, readable_buf, 64, -1)));
	EXPECT_EQ(-EINVAL, sysret(pread(self->fd, readable_buf, 64, LONG_MIN)));
	EXPECT_EQ(-EINVAL, sysret(pread(self->fd, readable_buf, 64, LONG_MAX)));
	EXPECT_UNTOUCHED();
	EXPECT_WHOLE(self);
}

/* PROCFS1-1, PROCFS2-1, VINPUT-1, VINPUT-8 */
TEST_F(readable, writes_no_more_than_it_was_asked_for)
{
	long count;

	for (count = 1; count <= self->len + 2; count++) {
		EXPECT_PART(self, count, 0,
			    sysret(pread(self->fd, readable_buf, count, 0)));
	}
}

/* PROCFS3-1 */
TEST_F(readable, read_of_nothing_changes_nothing)
{
	EXPECT_EQ(0, sysret(read(self->fd, readable_buf, 0)));
	EXPECT_EQ(0, sysret(pread(self->fd, readable_buf, 0, self->len / 2)));
	EXPECT_EQ(0, sysret(read(self->fd, NULL, 0)));
	EXPECT_UNTOUCHED();
	EXPECT_EQ(0, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_WHOLE(self);
}

TEST_F(readable, gives_what_there_is_to_a_large_count)
{
	static const long counts[] = {
		READABLE_MAX * 2, INT_MAX, READABLE_GIB * 2,
		READABLE_GIB * 4 + 1, READABLE_GIB * 1024,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counts); i++)
		EXPECT_PART(self, counts[i], 0,
			    sysret(pread(self->fd, readable_buf, counts[i], 0)));
}

/*
 * PROCFS1-3, PROCFS2-3, PROCFS3-3, SLEEP-5, CHARDEV-2, CHARDEV2-4, STATICKEY-5,
 * VINPUT-10
 */
TEST_F(readable, fails_with_a_buffer_that_cannot_be_used)
{
	int kind;

	for (kind = USERMEM_NULL; kind < USERMEM_HALF; kind++) {
		if (!self->len && kind == USERMEM_OF_THE_KERNEL)
			continue;
		EXPECT_EQ(self->len ? -EFAULT : 0,
			  sysret(read(self->fd, usermem_addr(&self->mem, kind),
				      self->len)));
		EXPECT_EQ(0, lseek(self->fd, 0, SEEK_CUR));
		EXPECT_WHOLE(self);
	}
}

/*
 * PROCFS3-3, CHARDEV-2, STATICKEY-5: a file that has more than fits may also
 * refuse the read and return nothing.
 */
TEST_F(readable, gives_only_the_start_to_half_a_buffer)
{
	const bool fits = self->len <= USERMEM_GOOD_BYTES;
	char *half = usermem_addr(&self->mem, USERMEM_HALF);
	long got;
	long last;

	got = usermem_read_on(self->fd, half, self->len, &last);
	EXPECT_EQ(fits ? 0 : -EFAULT, last);
	if (fits || got)
		EXPECT_EQ(fits ? self->len : USERMEM_GOOD_BYTES, got);
	EXPECT_EQ(got, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_EQ(0, memcmp(self->content, half, got));
	EXPECT_WHOLE(self);
}

/* PROCFS3-1 */
TEST_F(readable, is_not_used_up_by_another_descriptor)
{
	char other[3];
	int fd = dup(self->fd);

	ASSERT_LE(0, fd);
	EXPECT_LE(0, sysret(pread(fd, other, sizeof(other), 0)));
	EXPECT_EQ(0, close(fd));
	EXPECT_WHOLE(self);
}

#endif /* _SELFTESTS_SUITES_READABLE_FILE_H */
