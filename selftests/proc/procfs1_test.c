// SPDX-License-Identifier: GPL-2.0
/*
 * Procfs 1 - /proc/helloworld, a constant text
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
#include "lib/usermem.h"
#include "suites/readable_file.h"
#include "suites/unload_open.h"

#include "procfs1_module.h"

#define HELLO	"/proc/helloworld"
#define TEXT	"HelloWorld!\n"

FIXTURE_VARIANT_ADD(readable, helloworld)
{
	.module = "procfs1",
	.path = HELLO,
	.content = TEXT,
};

FIXTURE(procfs1)
{
	struct kmsg log;
	char buf[64];
};

FIXTURE_SETUP(procfs1)
{
	ASSERT_EQ(0, module_reload("procfs1", ""));
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(procfs1)
{
	kmsg_close(&self->log);
	module_unload("procfs1");
}

/* PROCFS1-6 */
TEST_F(procfs1, file_has_the_mode_of_the_listing)
{
	EXPECT_FILE_OF_ROOT(S_IFREG | 0644, HELLO);
}

/* PROCFS1-6 */
TEST_F(procfs1, file_cannot_be_written)
{
	int fd = open(HELLO, O_RDWR | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EIO, sysret(write(fd, "x", 1)));
	EXPECT_EQ(-EIO, sysret(pwrite(fd, "x", 1, 5)));
	EXPECT_EQ(0, close(fd));
	EXPECT_EQ(12, file_read(HELLO, self->buf, sizeof(self->buf)));
	EXPECT_STREQ(TEXT, self->buf);
}

TEST_F(procfs1, logs_its_coming_and_going)
{
	ASSERT_EQ(0, module_unload("procfs1"));
	EXPECT_LOG(&self->log, "/proc/helloworld removed");

	ASSERT_EQ(0, module_load("procfs1", ""));
	EXPECT_LOG(&self->log, "/proc/helloworld created");
}

/* PROCFS1-5 */
TEST_F(procfs1, logs_a_read_but_not_the_end)
{
	ASSERT_EQ(12, file_read(HELLO, self->buf, sizeof(self->buf)));

	EXPECT_LOG(&self->log, "procfile read helloworld");
}

/* PROCFS1-5 */
TEST_F(procfs1, logs_each_read_that_gives_something)
{
	int fd = open(HELLO, O_RDONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(12, file_read_chunks(fd, self->buf, sizeof(self->buf), 5));
	EXPECT_EQ(0, sysret(pread(fd, self->buf, 1, 12)));
	EXPECT_EQ(0, sysret(pread(fd, self->buf, 0, 0)));
	close(fd);

	EXPECT_LOG(&self->log, "procfile read helloworld",
		   "procfile read helloworld", "procfile read helloworld");
}

/* PROCFS1-3, PROCFS1-5 */
TEST_F(procfs1, logs_no_read_that_failed)
{
	struct usermem mem;
	int fd = open(HELLO, O_RDONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, usermem_init(&mem));

	EXPECT_EQ(-EFAULT, sysret(read(fd, mem.border, 12)));
	EXPECT_NO_LOG(&self->log);

	usermem_destroy(&mem);
	close(fd);
}

TEST_HARNESS_MAIN
