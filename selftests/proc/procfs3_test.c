// SPDX-License-Identifier: GPL-2.0
/*
 * Procfs 3 - /proc/buffer2k, which has an owner and a size
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
#include "suites/message_file.h"
#include "suites/message_file_share.h"
#include "suites/readable_file.h"
#include "suites/unload_open.h"

#include "procfs3_module.h"

#define BUFFER	"/proc/buffer2k"

FIXTURE_VARIANT_ADD(readable, buffer2k_empty)
{
	.module = "procfs3",
	.path = BUFFER,
	.content = "",
};

FIXTURE_VARIANT_ADD(readable, buffer2k_written)
{
	.module = "procfs3",
	.path = BUFFER,
	.write = "hello world",
	.content = "hello world",
};

FIXTURE_VARIANT_ADD(message, buffer2k)
{
	.module = "procfs3",
	.path = BUFFER,
	.first = "",
	.capacity = 2048,
};

FIXTURE(procfs3)
{
	struct kmsg log;
};

FIXTURE_SETUP(procfs3)
{
	ASSERT_EQ(0, module_reload("procfs3", ""));
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(procfs3)
{
	kmsg_close(&self->log);
	module_unload("procfs3");
}

/* PROCFS3-6, PROCFS3-7 */
TEST_F(procfs3, file_has_the_mode_owner_and_size_of_the_listing)
{
	struct stat st;

	EXPECT_FILE_OF_ROOT(S_IFREG | 0644, BUFFER);
	ASSERT_EQ(0, stat(BUFFER, &st));
	EXPECT_EQ(80, st.st_size);
}

/* PROCFS3-6 */
TEST_F(procfs3, size_does_not_limit_the_message)
{
	struct stat st;
	char text[101] = "";
	char buf[128];

	memset(text, 'x', sizeof(text) - 1);
	ASSERT_EQ(100, file_write(BUFFER, text));
	EXPECT_EQ(100, file_read(BUFFER, buf, sizeof(buf)));
	EXPECT_STREQ(text, buf);

	ASSERT_EQ(0, stat(BUFFER, &st));
	EXPECT_EQ(80, st.st_size);
}

/* PROCFS3-7 */
TEST_F(procfs3, nobody_can_read_but_not_write)
{
	EXPECT_EQ(-EACCES, unprivileged_reads_and_writes(BUFFER, ""));
}

/* PROCFS3-1 */
TEST_F(procfs3, short_read_leaves_the_message_to_the_next_open)
{
	char buf[64];
	int fd;

	ASSERT_EQ(11, file_write(BUFFER, "hello world"));
	fd = open(BUFFER, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(3, sysret(read(fd, buf, 3)));
	EXPECT_EQ(0, sysret(read(fd, buf, 0)));
	close(fd);

	EXPECT_EQ(11, file_read(BUFFER, buf, sizeof(buf)));
	EXPECT_STREQ("hello world", buf);
}

TEST_F(procfs3, logs_nothing)
{
	char buf[64];

	ASSERT_EQ(5, file_write(BUFFER, "hello"));
	ASSERT_EQ(5, file_read(BUFFER, buf, sizeof(buf)));
	ASSERT_EQ(0, module_unload("procfs3"));
	ASSERT_EQ(0, module_load("procfs3", ""));

	EXPECT_NO_LOG(&self->log);
}

TEST_HARNESS_MAIN
