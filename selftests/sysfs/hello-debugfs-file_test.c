// SPDX-License-Identifier: GPL-2.0
/*
 * Hello debugfs file - a message and a blob as files of debugfs
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
#include "suites/module_ref.h"
#include "suites/readable_file.h"

#include "hello-debugfs-file_module.h"

#define MODULE		"hello-debugfs-file"
#define DIR		"/sys/kernel/debug/lkmpg_debugfs_file"
#define MESSAGE		DIR "/message"
#define BLOB		DIR "/blob"
#define FIRST		"debugfs says hello\n"
#define BLOB_TEXT	\
	"This blob is read-only and exported with debugfs_create_blob().\n"

FIXTURE_VARIANT_ADD(readable, message)
{
	.module = MODULE,
	.path = MESSAGE,
	.write = "hi there\n",
	.content = "hi there\n",
};

FIXTURE_VARIANT_ADD(readable, blob)
{
	.module = MODULE,
	.path = BLOB,
	.content = BLOB_TEXT,
};

FIXTURE_VARIANT_ADD(message, debugfs)
{
	.module = MODULE,
	.path = MESSAGE,
	.first = FIRST,
	.capacity = 128,
};

FIXTURE(debugfs_file)
{
	struct kmsg log;
	char buf[128];
};

FIXTURE_SETUP(debugfs_file)
{
	ASSERT_EQ(0, module_reload(MODULE, ""));
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(debugfs_file)
{
	kmsg_close(&self->log);
	module_unload(MODULE);
}

TEST_F(debugfs_file, files_have_the_modes_of_the_listing)
{
	struct stat st;

	ASSERT_EQ(0, stat(MESSAGE, &st));
	EXPECT_EQ(S_IFREG | 0600, st.st_mode);
	ASSERT_EQ(0, stat(BLOB, &st));
	EXPECT_EQ(S_IFREG | 0400, st.st_mode);
	EXPECT_EQ(0, st.st_uid);
	EXPECT_EQ(0, st.st_gid);
}

TEST_F(debugfs_file, files_are_for_root_alone)
{
	EXPECT_EQ(-EACCES, unprivileged_opens(DIR, "message", O_RDONLY));
	EXPECT_EQ(-EACCES, unprivileged_opens(DIR, "message", O_WRONLY));
	EXPECT_EQ(-EACCES, unprivileged_opens(DIR, "blob", O_RDONLY));
	EXPECT_EQ(-EACCES, unprivileged_opens(DIR, "blob", O_WRONLY));
}

TEST_F(debugfs_file, forgets_the_message_when_it_goes)
{
	ASSERT_EQ(3, file_write(MESSAGE, "abc"));
	ASSERT_EQ(0, module_reload(MODULE, ""));
	EXPECT_EQ((long)strlen(FIRST),
		  file_read(MESSAGE, self->buf, sizeof(self->buf)));
	EXPECT_STREQ(FIRST, self->buf);
}

TEST_F(debugfs_file, takes_the_directory_away)
{
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_EQ(-ENOENT, sysret(access(DIR, F_OK)));
}

/*
 * The file operations of the blob are those of debugfs itself, which fail after
 * the file has been removed.
 */
TEST_F(debugfs_file, open_blob_dies_with_the_module)
{
	int fd = open(BLOB, O_RDONLY | O_CLOEXEC);
	char byte = 'x';

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, module_refcount(MODULE));
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_EQ(-EIO, sysret(read(fd, &byte, 1)));
	EXPECT_EQ('x', byte);
	EXPECT_EQ(0, close(fd));
}

/*
 * Root may write to the blob although its mode is 0400.  Kernels before 6.6
 * refuse this.  Later kernels overwrite the blob, so the module must keep it in
 * writable memory.
 */
TEST_F(debugfs_file, blob_keeps_its_length_whatever_root_writes)
{
	const long len = strlen(BLOB_TEXT);
	int fd = open(BLOB, O_RDWR | O_CLOEXEC);
	long ret;

	ASSERT_LE(0, fd);
	memset(message_buf, 'x', MESSAGE_MAX);
	ret = sysret(write(fd, message_buf, MESSAGE_MAX));
	if (ret != -EINVAL)
		EXPECT_EQ(len, ret);
	EXPECT_EQ(len, sysret(pread(fd, self->buf, sizeof(self->buf), 0)));
	EXPECT_EQ(0, memcmp(self->buf, ret < 0 ? BLOB_TEXT : message_buf, len));
	close(fd);
}

TEST_F(debugfs_file, logs_its_coming_and_going)
{
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LOG(&self->log, "debugfs file example removed");

	ASSERT_EQ(0, module_load(MODULE, ""));
	EXPECT_LOG(&self->log, "debugfs file example registered under " DIR);
}

TEST_F(debugfs_file, logs_no_use)
{
	EXPECT_EQ(3, file_write(MESSAGE, "abc"));
	EXPECT_EQ(3, file_read(MESSAGE, self->buf, sizeof(self->buf)));
	EXPECT_LT(0, file_read(BLOB, self->buf, sizeof(self->buf)));
	EXPECT_NO_LOG(&self->log);
}

TEST_HARNESS_MAIN
