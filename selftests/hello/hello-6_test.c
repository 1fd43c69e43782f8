// SPDX-License-Identifier: GPL-2.0
/*
 * Hello 6 - a parameter that logs when it is set or read
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/unprivileged.h"

#define WATCHED		"/sys/module/hello_6/parameters/watched"
#define NR_READS	1000
#define NR_READ_LOGS	50

FIXTURE(hello_6)
{
	struct kmsg log;
};

FIXTURE_SETUP(hello_6)
{
	ASSERT_EQ(0, module_reload("hello-6", ""));
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(hello_6)
{
	module_unload("hello-6");
	kmsg_close(&self->log);
}

TEST_F(hello_6, load_says_hello_and_the_default)
{
	ASSERT_EQ(0, module_reload("hello-6", ""));
	EXPECT_LOG(&self->log, "Goodbye, world 6", "Hello, world 6",
		   "watched starts at 42");
}

TEST_F(hello_6, load_with_a_value_sets_it_first)
{
	ASSERT_EQ(0, module_reload("hello-6", "watched=5"));
	EXPECT_LOG(&self->log, "Goodbye, world 6", "watched updated to 5",
		   "Hello, world 6", "watched starts at 5");
}

TEST_F(hello_6, load_with_many_values_sets_each)
{
	ASSERT_EQ(0, module_reload("hello-6", "watched=5 watched=-7"));
	EXPECT_LOG(&self->log, "Goodbye, world 6", "watched updated to 5",
		   "watched updated to -7", "Hello, world 6",
		   "watched starts at -7");
}

TEST_F(hello_6, load_with_a_bad_value_leaves_nothing)
{
	ASSERT_EQ(0, module_unload("hello-6"));
	EXPECT_EQ(-EINVAL, module_load("hello-6", "watched=hello"));
	EXPECT_FALSE(module_is_loaded("hello-6"));
}

TEST_F(hello_6, file_has_the_mode_of_the_listing)
{
	EXPECT_FILE_OF_ROOT(S_IFREG | 0644, WATCHED);
}

TEST_F(hello_6, nobody_can_read_but_not_write)
{
	EXPECT_EQ(-EACCES, unprivileged_reads_and_writes(WATCHED, "42\n"));
	EXPECT_LOG(&self->log, "watched was read");
}

TEST_F(hello_6, logs_a_read)
{
	EXPECT_STREQ("42\n", file_text(WATCHED));
	EXPECT_LOG(&self->log, "watched was read");
}

/* Any user may read the file, and must not be able to flood the log. */
TEST_F(hello_6, does_not_log_every_read_of_many)
{
	int nr;
	int i;

	for (i = 0; i < NR_READS; i++)
		ASSERT_STREQ("42\n", file_text(WATCHED));

	nr = kmsg_count(&self->log, "watched was read");
	EXPECT_LT(0, nr);
	EXPECT_GE(NR_READ_LOGS, nr);
}

TEST_F(hello_6, logs_every_update)
{
	EXPECT_EQ(2, file_write(WATCHED, "7\n"));
	EXPECT_EQ(1, file_write(WATCHED, "7"));
	EXPECT_EQ(11, file_write(WATCHED, "-2147483648"));
	EXPECT_EQ(4, file_write(WATCHED, "0x10"));
	EXPECT_LOG(&self->log, "watched updated to 7", "watched updated to 7",
		   "watched updated to -2147483648", "watched updated to 16");
	EXPECT_STREQ("16\n", file_text(WATCHED));
}

TEST_F(hello_6, neither_takes_nor_logs_what_is_no_number)
{
	EXPECT_EQ(-EINVAL, file_write(WATCHED, "hello\n"));
	EXPECT_EQ(-EINVAL, file_write(WATCHED, "12xyz"));
	EXPECT_EQ(-EINVAL, file_write(WATCHED, "\n"));
	EXPECT_EQ(-ERANGE, file_write(WATCHED, "2147483648"));
	EXPECT_EQ(-ERANGE, file_write(WATCHED, "-2147483649"));
	EXPECT_NO_LOG(&self->log);
	EXPECT_STREQ("42\n", file_text(WATCHED));
}

TEST_HARNESS_MAIN
