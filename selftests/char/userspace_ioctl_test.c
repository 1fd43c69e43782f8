// SPDX-License-Identifier: GPL-2.0
/*
 * Userspace ioctl - what the program prints, and its exit status
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "chardev.h"
#include "lib/file.h"
#include "lib/module.h"
#include "lib/task.h"

#define PROGRAM	"userspace_ioctl"
#define ANSWER	"get_nth_byte message:Message passed by ioctl\n" \
		"get_msg message:Message passed by ioctl\n"

#define CANNOT_OPEN	"Can't open device file: /dev/char_dev: "

/*
 * The files to which the program writes its standard output and standard error.
 */
struct run {
	int out;
	int err;
};

static int execute(void *arg)
{
	struct run *run = arg;

	if (dup2(run->out, STDOUT_FILENO) < 0 ||
	    dup2(run->err, STDERR_FILENO) < 0)
		return -errno;
	execlp(PROGRAM, PROGRAM, NULL);
	return -errno;
}

FIXTURE(userspace_ioctl)
{
	struct run run;
	char printed[256];
};

FIXTURE_SETUP(userspace_ioctl)
{
	ASSERT_EQ(0, module_reload("chardev2", ""));
	self->run.out = memfd_create("out", MFD_CLOEXEC);
	self->run.err = memfd_create("err", MFD_CLOEXEC);
	ASSERT_LE(0, self->run.out);
	ASSERT_LE(0, self->run.err);
}

FIXTURE_TEARDOWN(userspace_ioctl)
{
	close(self->run.out);
	close(self->run.err);
	module_unload("chardev2");
}

/*
 * Returns what the program has printed, or another text if that has a NUL in
 * it.
 */
static const char *printed(FIXTURE_DATA(userspace_ioctl) * self, int fd)
{
	char *text = self->printed;
	long len = pread(fd, text, sizeof(self->printed) - 1, 0);

	text[len < 0 ? 0 : len] = '\0';
	return len == (long)strlen(text) ? text : "there is a NUL in it";
}

TEST_F(userspace_ioctl, sets_the_message_and_prints_it_twice)
{
	EXPECT_EQ(0, task_run(execute, &self->run));

	EXPECT_STREQ(ANSWER, printed(self, self->run.out));
	EXPECT_STREQ("", printed(self, self->run.err));
}

TEST_F(userspace_ioctl, leaves_the_message_to_others)
{
	char text[64];

	EXPECT_EQ(0, task_run(execute, &self->run));
	EXPECT_EQ(24, file_read(DEVICE_PATH, text, sizeof(text)));
	EXPECT_STREQ("Message passed by ioctl\n", text);
}

/* CHARDEV2-17 */
TEST_F(userspace_ioctl, says_why_there_is_no_device)
{
	ASSERT_EQ(0, module_unload("chardev2"));

	EXPECT_EQ(-EXIT_FAILURE, task_run(execute, &self->run));
	EXPECT_STREQ("", printed(self, self->run.out));
	EXPECT_STREQ(CANNOT_OPEN "No such file or directory\n",
		     printed(self, self->run.err));
}

/* CHARDEV2-17 */
TEST_F(userspace_ioctl, prints_no_message_where_there_is_none)
{
	ASSERT_EQ(0, module_unload("chardev2"));
	ASSERT_EQ(0, symlink("/dev/null", DEVICE_PATH));

	EXPECT_EQ(-EXIT_FAILURE, task_run(execute, &self->run));
	EXPECT_EQ(0, unlink(DEVICE_PATH));
	EXPECT_STREQ("", printed(self, self->run.out));
	EXPECT_STREQ("IOCTL_SET_MSG failed: Inappropriate ioctl for device\n",
		     printed(self, self->run.err));
}

TEST_F(userspace_ioctl, fails_where_it_cannot_print)
{
	close(self->run.out);
	self->run.out = open("/dev/full", O_WRONLY | O_CLOEXEC);
	ASSERT_LE(0, self->run.out);

	EXPECT_EQ(-EXIT_FAILURE, task_run(execute, &self->run));
}

TEST_HARNESS_MAIN
