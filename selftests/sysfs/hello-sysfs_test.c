// SPDX-License-Identifier: GPL-2.0
/*
 * Hello sysfs - /sys/kernel/mymodule/myvariable, which is a number
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/gate.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "lib/unprivileged.h"
#include "lib/usermem.h"
#include "suites/readable_file.h"
#include "suites/unload_open.h"

#include "hello-sysfs_module.h"

#define MODULE		"hello-sysfs"
#define DIR		"/sys/kernel/mymodule"
#define NUMBER		DIR "/myvariable"
#define MAX_TASKS	8
#define NR_ROUNDS	300

FIXTURE_VARIANT_ADD(readable, myvariable)
{
	.module = MODULE,
	.path = NUMBER,
	.write = "-2147483648",
	.content = "-2147483648\n",
};

static const char * const crowd_text[] = { "1111111111\n", "2000000000\n" };

struct writer {
	struct gate *start;
	const char *text;
};

static bool is_of_the_crowd(const char *text)
{
	return !strcmp(text, crowd_text[0]) || !strcmp(text, crowd_text[1]);
}

/*
 * Writes one of two numbers repeatedly.  Each read must return one of the two.
 */
static int write_and_read(void *arg)
{
	const struct writer *writer = arg;
	const long len = strlen(writer->text);
	int fd = open(NUMBER, O_RDWR | O_CLOEXEC);
	char seen[16] = "";
	int i;

	if (fd < 0 || gate_wait(writer->start) != 1)
		return -EIO;
	for (i = 0; i < NR_ROUNDS; i++) {
		if (pwrite(fd, writer->text, len, 0) != len ||
		    pread(fd, seen, sizeof(seen) - 1, 0) != len ||
		    !is_of_the_crowd(seen))
			return -EPROTO;
	}
	return 0;
}

static void expect_no_third_number(struct __test_metadata *_metadata, int nr)
{
	struct gate start;
	struct writer writer = { .start = &start };
	pid_t tasks[MAX_TASKS];
	int i;

	ASSERT_EQ(0, gate_init(&start));
	for (i = 0; i < nr; i++) {
		writer.text = crowd_text[i % 2];
		tasks[i] = task_start(write_and_read, &writer);
		ASSERT_LT(0, tasks[i]);
	}
	for (i = 0; i < nr; i++)
		gate_open(&start);
	for (i = 0; i < nr; i++)
		EXPECT_EQ(0, task_wait(tasks[i]));
	gate_destroy(&start);
}

/* Drops all privileges except for membership in root's group. */
static int open_in_the_group_of_root(void *arg)
{
	if (setgroups(0, NULL) || setgid(0) || setuid(TASK_NOBODY))
		return -errno;
	return open(NUMBER, O_RDWR | O_CLOEXEC) < 0 ? -errno : 0;
}

FIXTURE(hello_sysfs)
{
	struct kmsg log;
};

FIXTURE_SETUP(hello_sysfs)
{
	ASSERT_EQ(0, module_reload(MODULE, ""));
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(hello_sysfs)
{
	kmsg_close(&self->log);
	module_unload(MODULE);
}

TEST_F(hello_sysfs, is_called_hello_sysfs_once_loaded)
{
	EXPECT_EQ(0, sysret(access("/sys/module/hello_sysfs", F_OK)));
}

/* SYSFS-6 */
TEST_F(hello_sysfs, file_has_the_mode_of_the_listing)
{
	EXPECT_FILE_OF_ROOT(S_IFREG | 0660, NUMBER);
}

/* SYSFS-6 */
TEST_F(hello_sysfs, nobody_can_neither_read_nor_write)
{
	EXPECT_EQ(-EACCES, unprivileged_opens(DIR, "myvariable", O_RDONLY));
	EXPECT_EQ(-EACCES, unprivileged_opens(DIR, "myvariable", O_WRONLY));
	EXPECT_EQ(-EACCES, unprivileged_opens(DIR, "myvariable", O_RDWR));
}

/* SYSFS-6 */
TEST_F(hello_sysfs, the_group_of_root_can_do_both)
{
	EXPECT_EQ(0, task_run(open_in_the_group_of_root, NULL));
}

TEST_F(hello_sysfs, does_what_the_document_shows)
{
	EXPECT_STREQ("0\n", file_text(NUMBER));
	EXPECT_EQ(3, file_write(NUMBER, "32\n"));
	EXPECT_STREQ("32\n", file_text(NUMBER));
}

TEST_F(hello_sysfs, forgets_the_number_when_it_goes)
{
	ASSERT_EQ(3, file_write(NUMBER, "32\n"));
	ASSERT_EQ(0, module_reload(MODULE, ""));
	EXPECT_STREQ("0\n", file_text(NUMBER));
}

TEST_F(hello_sysfs, takes_the_directory_away)
{
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_EQ(-ENOENT, sysret(access(DIR, F_OK)));
}

TEST_F(hello_sysfs, logs_its_coming_and_going)
{
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LOG(&self->log, "mymodule: Exit success");

	ASSERT_EQ(0, module_load(MODULE, ""));
	EXPECT_LOG(&self->log, "mymodule: initialised");
}

TEST_F(hello_sysfs, logs_no_use)
{
	EXPECT_STREQ("0\n", file_text(NUMBER));
	EXPECT_EQ(3, file_write(NUMBER, "32\n"));
	EXPECT_EQ(-EINVAL, file_write(NUMBER, "abc\n"));
	EXPECT_NO_LOG(&self->log);
}

/* The offset is ignored, as in every text attribute of sysfs. */
TEST_F(hello_sysfs, takes_each_write_for_a_number)
{
	int fd = open(NUMBER, O_WRONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(2, sysret(write(fd, "12", 2)));
	EXPECT_EQ(1, sysret(write(fd, "3", 1)));
	EXPECT_STREQ("3\n", file_text(NUMBER));

	EXPECT_EQ(-EINVAL, sysret(write(fd, "x", 1)));
	EXPECT_EQ(2, sysret(pwrite(fd, "45", 2, 4096)));
	EXPECT_STREQ("45\n", file_text(NUMBER));
	close(fd);
}

TEST_F(hello_sysfs, takes_nothing_from_a_bad_buffer)
{
	int fd = open(NUMBER, O_WRONLY | O_CLOEXEC);
	struct usermem mem;
	int kind;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, usermem_init(&mem));
	memcpy(mem.border - USERMEM_GOOD_BYTES, "12", USERMEM_GOOD_BYTES);

	for (kind = 0; kind < NR_USERMEM_KINDS; kind++)
		EXPECT_EQ(-EFAULT, sysret(write(fd, usermem_addr(&mem, kind),
						4)));
	EXPECT_STREQ("0\n", file_text(NUMBER));
	usermem_destroy(&mem);
	close(fd);
}

/* SYSFS-5 */
TEST_F(hello_sysfs, number_is_one_of_those_that_two_write)
{
	expect_no_third_number(_metadata, 2);
}

/* SYSFS-5 */
TEST_F(hello_sysfs, number_is_one_of_those_that_eight_write)
{
	expect_no_third_number(_metadata, MAX_TASKS);
}

/*
 * .text is written while the number is 7.  .err is the error of that write, or
 * 0.  .then is the content of the file after the write.
 */
FIXTURE(number)
{
};

FIXTURE_VARIANT(number)
{
	const char *text;
	int err;
	const char *then;
};

FIXTURE_VARIANT_ADD(number, line) { "12\n", 0, "12\n" };
FIXTURE_VARIANT_ADD(number, digits) { "12", 0, "12\n" };
FIXTURE_VARIANT_ADD(number, nought) { "0\n", 0, "0\n" };
FIXTURE_VARIANT_ADD(number, minus) { "-12\n", 0, "-12\n" };
FIXTURE_VARIANT_ADD(number, plus) { "+5\n", 0, "5\n" };
FIXTURE_VARIANT_ADD(number, not_octal) { "010\n", 0, "10\n" };
FIXTURE_VARIANT_ADD(number, int_max) { "2147483647\n", 0, "2147483647\n" };
FIXTURE_VARIANT_ADD(number, int_min) { "-2147483648\n", 0, "-2147483648\n" };
FIXTURE_VARIANT_ADD(number, nothing) { "", 0, "7\n" };
FIXTURE_VARIANT_ADD(number, word) { "abc", -EINVAL, "7\n" };
FIXTURE_VARIANT_ADD(number, newline) { "\n", -EINVAL, "7\n" };
FIXTURE_VARIANT_ADD(number, space) { " ", -EINVAL, "7\n" };
FIXTURE_VARIANT_ADD(number, sign) { "-\n", -EINVAL, "7\n" };
FIXTURE_VARIANT_ADD(number, hex) { "0x10\n", -EINVAL, "7\n" };
FIXTURE_VARIANT_ADD(number, fraction) { "1.5\n", -EINVAL, "7\n" };
FIXTURE_VARIANT_ADD(number, then_letters) { "12xyz", -EINVAL, "7\n" };
FIXTURE_VARIANT_ADD(number, then_a_space) { "12 ", -EINVAL, "7\n" };
FIXTURE_VARIANT_ADD(number, behind_a_space) { " 12\n", -EINVAL, "7\n" };
FIXTURE_VARIANT_ADD(number, two_newlines) { "12\n\n", -EINVAL, "7\n" };
FIXTURE_VARIANT_ADD(number, two_numbers) { "1 2\n", -EINVAL, "7\n" };
FIXTURE_VARIANT_ADD(number, above_int) { "2147483648\n", -ERANGE, "7\n" };
FIXTURE_VARIANT_ADD(number, below_int) { "-2147483649\n", -ERANGE, "7\n" };
FIXTURE_VARIANT_ADD(number, 2_to_32) { "4294967296\n", -ERANGE, "7\n" };
FIXTURE_VARIANT_ADD(number, above_32_bits) { "99999999999", -ERANGE, "7\n" };
FIXTURE_VARIANT_ADD(number, 2_to_64) { "18446744073709551616", -ERANGE, "7\n" };
FIXTURE_VARIANT_ADD(number, below_64) {
	"-9223372036854775809", -ERANGE, "7\n"
};

FIXTURE_SETUP(number)
{
	ASSERT_EQ(0, module_reload(MODULE, ""));
	ASSERT_EQ(1, file_write(NUMBER, "7"));
}

FIXTURE_TEARDOWN(number)
{
	module_unload(MODULE);
}

/* SYSFS-1, SYSFS-2 */
TEST_F(number, is_taken_whole_or_left)
{
	EXPECT_EQ(variant->err ? variant->err : (long)strlen(variant->text),
		  file_write(NUMBER, variant->text));
	EXPECT_STREQ(variant->then, file_text(NUMBER));
}

TEST_HARNESS_MAIN
