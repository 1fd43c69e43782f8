// SPDX-License-Identifier: GPL-2.0
/*
 * Cat nonblock - the output of the program cat_nonblock, and its exit status
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "sleep.h"

#define PROGRAM		"cat_nonblock"
#define USAGE	"Usage: " PROGRAM " <filename>\n" \
	"Reads the content of a file, but doesn't wait for input\n"
#define MAX_CONTENT	(256 * 1024)
#define NO_SUCH_FILE	"/proc/nothing"

/* The command that a child executes, and the file for its output. */
struct run {
	const char *argv[4];
	int out;
};

static int execute(void *arg)
{
	struct run *run = arg;

	if (dup2(run->out, STDOUT_FILENO) < 0)
		return -errno;
	execvp(run->argv[0], (char **)run->argv);
	return -errno;
}

/*
 * Runs the program with up to two arguments.  Returns its exit status, negated.
 */
static int run(int out, const char *first, const char *second)
{
	struct run run = { .argv = { PROGRAM, first, second }, .out = out };

	return task_run(execute, &run);
}

/* A file for the program to read, and one for its output. */
FIXTURE(cat)
{
	char path[32];
	char *content;
	char *printed;
	int in;
	int out;
};

FIXTURE_SETUP(cat)
{
	int i;

	self->content = malloc(MAX_CONTENT);
	self->printed = calloc(1, MAX_CONTENT + 1);
	ASSERT_NE(NULL, self->content);
	ASSERT_NE(NULL, self->printed);
	for (i = 0; i < MAX_CONTENT; i++)
		self->content[i] = i + i / 256;

	self->in = memfd_create("in", MFD_CLOEXEC);
	self->out = memfd_create("out", MFD_CLOEXEC);
	ASSERT_LE(0, self->in);
	ASSERT_LE(0, self->out);
	snprintf(self->path, sizeof(self->path), "/proc/%d/fd/%d", getpid(),
		 self->in);
}

FIXTURE_TEARDOWN(cat)
{
	close(self->in);
	close(self->out);
	free(self->content);
	free(self->printed);
}

/*
 * Returns what the program has written, with a NUL at its end, and empties the
 * output file.
 */
static const char *printed(FIXTURE_DATA(cat) * self)
{
	ssize_t len = pread(self->out, self->printed, MAX_CONTENT, 0);

	self->printed[len < 0 ? 0 : len] = '\0';
	if (ftruncate(self->out, 0) || lseek(self->out, 0, SEEK_SET))
		return strerror(errno);
	return self->printed;
}

TEST_F(cat, prints_the_content)
{
	ASSERT_EQ(6, write(self->in, "hello\n", 6));

	EXPECT_EQ(0, run(self->out, self->path, NULL));
	EXPECT_STREQ("hello\n", printed(self));
}

TEST_F(cat, prints_nothing_of_an_empty_file)
{
	EXPECT_EQ(0, run(self->out, self->path, NULL));
	EXPECT_STREQ("", printed(self));
}

TEST_F(cat, prints_files_of_every_size_whole)
{
	static const long sizes[] = { 1, 4095, 4096, 4097, 8192, MAX_CONTENT };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		ASSERT_EQ(0, ftruncate(self->out, 0));
		ASSERT_EQ(0, lseek(self->out, 0, SEEK_SET));
		ASSERT_EQ(sizes[i], pwrite(self->in, self->content, sizes[i],
					   0));
		EXPECT_EQ(0, run(self->out, self->path, NULL));
		EXPECT_EQ(sizes[i], lseek(self->out, 0, SEEK_END));
		EXPECT_EQ(sizes[i], pread(self->out, self->printed, MAX_CONTENT,
					  0));
		EXPECT_EQ(0, memcmp(self->content, self->printed, sizes[i]));
	}
}

/* SLEEP-12 */
TEST_F(cat, fails_where_there_is_no_file)
{
	EXPECT_EQ(-EXIT_FAILURE, run(self->out, NO_SUCH_FILE, NULL));
	EXPECT_STREQ("Open failed\n", printed(self));
}

/* SLEEP-12 */
TEST_F(cat, tells_its_usage_without_a_file)
{
	EXPECT_EQ(-EXIT_FAILURE, run(self->out, NULL, NULL));
	EXPECT_STREQ(USAGE, printed(self));
}

/* SLEEP-12 */
TEST_F(cat, tells_its_usage_with_two_files)
{
	EXPECT_EQ(-EXIT_FAILURE, run(self->out, self->path, self->path));
	EXPECT_STREQ(USAGE, printed(self));
}

/* SLEEP-12 */
TEST_F(cat, fails_where_a_read_fails)
{
	EXPECT_EQ(-EXIT_FAILURE, run(self->out, "/proc", NULL));
	EXPECT_STREQ("Another read error\n", printed(self));
}

TEST_F(cat, does_not_wait_for_a_pipe)
{
	int ends[2];

	ASSERT_EQ(0, pipe(ends));
	ASSERT_LE(0, dup2(ends[0], self->in));
	EXPECT_EQ(-EXIT_FAILURE, run(self->out, self->path, NULL));
	EXPECT_STREQ("Normally I'd block, but you told me not to\n",
		     printed(self));
	close(ends[0]);
	close(ends[1]);
}

/*
 * SLEEP-12: if the output fits in the program's buffer, the write fails only
 * when the program ends.
 */
TEST_F(cat, fails_where_it_cannot_print)
{
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	ASSERT_LE(0, full);
	ASSERT_EQ(6, write(self->in, "hello\n", 6));
	EXPECT_EQ(-EXIT_FAILURE, run(full, self->path, NULL));

	ASSERT_EQ(MAX_CONTENT, write(self->in, self->content, MAX_CONTENT));
	EXPECT_EQ(-EXIT_FAILURE, run(full, self->path, NULL));
	close(full);
}

/* The program cat_nonblock was written for /proc/sleep. */
TEST_F(cat, shows_the_message_of_a_file_that_is_free)
{
	ASSERT_EQ(0, module_reload("sleep", ""));
	EXPECT_EQ(0, run(self->out, SLEEP, NULL));
	EXPECT_STREQ("Last input:\n", printed(self));

	ASSERT_EQ(8, file_write(SLEEP, "hi there"));
	EXPECT_EQ(0, run(self->out, SLEEP, NULL));
	EXPECT_STREQ("Last input:hi there\n", printed(self));
	EXPECT_EQ(0, module_unload("sleep"));
}

/* SLEEP-12 */
TEST_F(cat, does_not_wait_for_a_file_that_is_not)
{
	int fd;

	ASSERT_EQ(0, module_reload("sleep", ""));
	fd = sleep_open(0);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-EXIT_FAILURE, run(self->out, SLEEP, NULL));
	EXPECT_STREQ("Open would block\n", printed(self));

	close(fd);
	EXPECT_EQ(0, run(self->out, SLEEP, NULL));
	EXPECT_STREQ("Last input:\n", printed(self));
	EXPECT_EQ(0, module_unload("sleep"));
}

TEST_HARNESS_MAIN
