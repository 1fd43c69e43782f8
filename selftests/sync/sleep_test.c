// SPDX-License-Identifier: GPL-2.0
/*
 * Sleep - reads and writes of /proc/sleep by the task that has it open
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <poll.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/unprivileged.h"
#include "sleep.h"
#include "suites/message_file.h"
#include "suites/message_file_share.h"
#include "suites/readable_file.h"

#define BEFORE	"Last input:"
#define FIRST	BEFORE "\n"

FIXTURE_VARIANT_ADD(readable, sleep_first)
{
	.module = "sleep",
	.path = SLEEP,
	.content = FIRST,
};

FIXTURE_VARIANT_ADD(readable, sleep_written)
{
	.module = "sleep",
	.path = SLEEP,
	.write = "the quick brown fox\njumps",
	.content = BEFORE "the quick brown fox\njumps\n",
};

FIXTURE_VARIANT_ADD(message, sleep)
{
	.module = "sleep",
	.path = SLEEP,
	.before = BEFORE,
	.after = "\n",
	.first = "",
	.capacity = 79,
};

FIXTURE(sleep)
{
	struct kmsg log;
};

FIXTURE_SETUP(sleep)
{
	ASSERT_EQ(0, module_reload("sleep", ""));
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(sleep)
{
	kmsg_close(&self->log);
	EXPECT_EQ(0, module_unload("sleep"));
}

/* SLEEP-11 */
TEST_F(sleep, file_has_the_mode_owner_and_size_of_the_listing)
{
	struct stat st;

	EXPECT_FILE_OF_ROOT(S_IFREG | 0644, SLEEP);
	ASSERT_EQ(0, stat(SLEEP, &st));
	EXPECT_EQ(80, st.st_size);
}

/* SLEEP-11 */
TEST_F(sleep, size_does_not_limit_what_is_read)
{
	char text[80] = "";
	char buf[128];

	memset(text, 'x', sizeof(text) - 1);
	ASSERT_EQ(79, file_write(SLEEP, text));
	EXPECT_EQ(91, file_read(SLEEP, buf, sizeof(buf)));
}

/* SLEEP-11 */
TEST_F(sleep, nobody_can_read_but_not_write)
{
	EXPECT_EQ(-EACCES, unprivileged_reads_and_writes(SLEEP, FIRST));
}

/* SLEEP-3 */
TEST_F(sleep, short_read_leaves_the_message_to_the_next_open)
{
	char buf[64];
	int fd;

	ASSERT_EQ(11, file_write(SLEEP, "hello world"));
	fd = sleep_open(0);
	ASSERT_LE(0, fd);
	EXPECT_EQ(1, sysret(read(fd, buf, 1)));
	close(fd);

	EXPECT_EQ(23, file_read(SLEEP, buf, sizeof(buf)));
	EXPECT_STREQ(BEFORE "hello world\n", buf);
}

/*
 * SLEEP-7: a program that must write a whole text writes the rest after a short
 * write, as this test does.
 */
TEST_F(sleep, keeps_the_first_79_bytes_of_what_does_not_fit)
{
	int fd = open(SLEEP, O_WRONLY | O_CLOEXEC);
	char text[101] = "";
	char buf[128];

	ASSERT_LE(0, fd);
	memset(text, 'a', 79);
	memset(text + 79, 'b', 21);
	EXPECT_EQ(79, sysret(write(fd, text, 100)));
	EXPECT_EQ(-ENOSPC, sysret(write(fd, text + 79, 21)));
	close(fd);

	EXPECT_EQ(91, file_read(SLEEP, buf, sizeof(buf)));
	EXPECT_EQ(0, memcmp(text, buf + strlen(BEFORE), 79));
}

TEST_F(sleep, forgets_the_message_when_it_goes)
{
	char buf[64];

	ASSERT_EQ(3, file_write(SLEEP, "abc"));
	ASSERT_EQ(0, module_reload("sleep", ""));
	EXPECT_EQ(12, file_read(SLEEP, buf, sizeof(buf)));
	EXPECT_STREQ(FIRST, buf);
}

TEST_F(sleep, polls_as_readable_and_writable_at_once)
{
	struct pollfd end = {
		.fd = open(SLEEP, O_RDWR | O_CLOEXEC),
		.events = POLLIN | POLLOUT | POLLPRI,
	};

	ASSERT_LE(0, end.fd);
	EXPECT_EQ(1, sysret(poll(&end, 1, 0)));
	EXPECT_EQ(POLLIN | POLLOUT, end.revents);
	close(end.fd);
}

TEST_F(sleep, selects_as_readable_and_writable_at_once)
{
	int fd = open(SLEEP, O_RDWR | O_CLOEXEC);
	struct timeval at_once = { 0, 0 };
	fd_set readable;
	fd_set writable;

	ASSERT_LE(0, fd);
	FD_ZERO(&readable);
	FD_SET(fd, &readable);
	writable = readable;
	EXPECT_EQ(2, sysret(select(fd + 1, &readable, &writable, NULL,
				   &at_once)));
	EXPECT_TRUE(FD_ISSET(fd, &readable));
	EXPECT_TRUE(FD_ISSET(fd, &writable));
	close(fd);
}

TEST_F(sleep, logs_nothing)
{
	char buf[64];

	ASSERT_EQ(5, file_write(SLEEP, "hello"));
	ASSERT_EQ(17, file_read(SLEEP, buf, sizeof(buf)));
	ASSERT_EQ(0, module_unload("sleep"));
	ASSERT_EQ(0, module_load("sleep", ""));

	EXPECT_NO_LOG(&self->log);
}

TEST_HARNESS_MAIN
