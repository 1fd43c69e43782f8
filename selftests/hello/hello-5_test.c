// SPDX-License-Identifier: GPL-2.0
/*
 * Hello 5 - module parameters, set on loading and through sysfs
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/unprivileged.h"
#include "suites/refused_load.h"

#define PARAMETERS	"/sys/module/hello_5/parameters"
#define NR_LINES	7

/* The documented examples: .params on the command line, .lines in the log. */
FIXTURE(run)
{
	struct kmsg log;
};

FIXTURE_VARIANT(run)
{
	const char *params;
	const char *lines[NR_LINES];
};

FIXTURE_VARIANT_ADD(run, without_parameters)
{
	.params = "",
	.lines = {
		"myshort is a short integer: 1",
		"myint is an integer: 420",
		"mylong is a long integer: 9999",
		"mystring is a string: blah",
		"myintarray[0] = 420",
		"myintarray[1] = 420",
		"got 0 arguments for myintarray.",
	},
};

FIXTURE_VARIANT_ADD(run, one_array_value)
{
	.params = "mystring=\"bebop\" myintarray=-1",
	.lines = {
		"myshort is a short integer: 1",
		"myint is an integer: 420",
		"mylong is a long integer: 9999",
		"mystring is a string: bebop",
		"myintarray[0] = -1",
		"myintarray[1] = 420",
		"got 1 arguments for myintarray.",
	},
};

FIXTURE_VARIANT_ADD(run, two_array_values)
{
	.params = "mystring=supercalifragilisticexpialidocious myintarray=-1,-1",
	.lines = {
		"myshort is a short integer: 1",
		"myint is an integer: 420",
		"mylong is a long integer: 9999",
		"mystring is a string: supercalifragilisticexpialidocious",
		"myintarray[0] = -1",
		"myintarray[1] = -1",
		"got 2 arguments for myintarray.",
	},
};

FIXTURE_VARIANT_ADD(run, every_type)
{
	.params = "myshort=-32768 myint=-2147483648 mylong=-5 mystring=a,b",
	.lines = {
		"myshort is a short integer: -32768",
		"myint is an integer: -2147483648",
		"mylong is a long integer: -5",
		"mystring is a string: a,b",
		"myintarray[0] = 420",
		"myintarray[1] = 420",
		"got 0 arguments for myintarray.",
	},
};

FIXTURE_SETUP(run)
{
	ASSERT_LE(0, kmsg_open(&self->log));
	ASSERT_EQ(0, module_load("hello-5", variant->params));
}

FIXTURE_TEARDOWN(run)
{
	module_unload("hello-5");
	kmsg_close(&self->log);
}

TEST_F(run, load_logs_every_parameter)
{
	int i;

	EXPECT_STREQ("Hello, world 5\n=============", kmsg_next(&self->log));
	for (i = 0; i < NR_LINES; i++)
		EXPECT_STREQ(variant->lines[i], kmsg_next(&self->log));
	EXPECT_NO_LOG(&self->log);
}

TEST_F(run, unload_says_goodbye)
{
	kmsg_skip(&self->log);

	ASSERT_EQ(0, module_unload("hello-5"));
	EXPECT_LOG(&self->log, "Goodbye, world 5");
}

/* Parameters that the kernel refuses, and the error for each. */
#define REFUSED(variant, params, err)					\
	DESCRIBED(refused, variant, "hello-5", NULL, params, err)

REFUSED(word_for_a_number, "mylong=hello", -EINVAL);
REFUSED(no_value, "myint", -EINVAL);
REFUSED(three_array_values, "myintarray=1,2,3", -EINVAL);
REFUSED(word_in_the_array, "myintarray=1,two", -EINVAL);
REFUSED(short_above_range, "myshort=32768", -ERANGE);
REFUSED(short_below_range, "myshort=-32769", -ERANGE);
REFUSED(int_above_range, "myint=2147483648", -ERANGE);

/* The parameters that have a file, and the file's content and permissions. */
FIXTURE(file)
{
};

FIXTURE_VARIANT(file)
{
	const char *name;
	const char *value;
	mode_t mode;
	int read_err;
};

FIXTURE_VARIANT_ADD(file, myshort) { "myshort", "1\n", 0660, -EACCES };
FIXTURE_VARIANT_ADD(file, myint) { "myint", "420\n", 0644, 0 };
FIXTURE_VARIANT_ADD(file, mylong) { "mylong", "9999\n", 0400, -EACCES };

FIXTURE_SETUP(file)
{
	ASSERT_EQ(0, module_load("hello-5", ""));
	ASSERT_EQ(0, chdir(PARAMETERS));
}

FIXTURE_TEARDOWN(file)
{
	EXPECT_EQ(0, chdir("/"));
	module_unload("hello-5");
}

TEST_F(file, has_the_documented_mode)
{
	struct stat st;

	ASSERT_EQ(0, stat(variant->name, &st));
	EXPECT_EQ(variant->mode, st.st_mode & 07777);
}

TEST_F(file, shows_the_default)
{
	EXPECT_STREQ(variant->value, file_text(variant->name));
}

TEST_F(file, lets_others_read_or_not)
{
	EXPECT_EQ(variant->read_err,
		  unprivileged_opens(".", variant->name, O_RDONLY));
}

TEST_F(file, lets_nobody_else_write)
{
	EXPECT_EQ(-EACCES, unprivileged_opens(".", variant->name, O_WRONLY));
}

/* Reads and writes of the files by root. */
FIXTURE(loaded)
{
};

FIXTURE_SETUP(loaded)
{
	ASSERT_EQ(0, module_load("hello-5", ""));
	ASSERT_EQ(0, chdir(PARAMETERS));
}

FIXTURE_TEARDOWN(loaded)
{
	EXPECT_EQ(0, chdir("/"));
	module_unload("hello-5");
}

TEST_F(loaded, parameters_of_mode_0_have_no_file)
{
	EXPECT_EQ(-ENOENT, sysret(access("mystring", F_OK)));
	EXPECT_EQ(-ENOENT, sysret(access("myintarray", F_OK)));
}

TEST_F(loaded, myint_is_what_was_written)
{
	EXPECT_EQ(2, file_write("myint", "7\n"));
	EXPECT_STREQ("7\n", file_text("myint"));
}

TEST_F(loaded, myshort_takes_both_ends_of_its_range)
{
	EXPECT_EQ(5, file_write("myshort", "32767"));
	EXPECT_STREQ("32767\n", file_text("myshort"));

	EXPECT_EQ(6, file_write("myshort", "-32768"));
	EXPECT_STREQ("-32768\n", file_text("myshort"));
}

TEST_F(loaded, myshort_outside_its_range_returns_erange)
{
	EXPECT_EQ(-ERANGE, file_write("myshort", "32768"));
	EXPECT_EQ(-ERANGE, file_write("myshort", "-32769"));
	EXPECT_STREQ("1\n", file_text("myshort"));
}

TEST_F(loaded, word_for_a_number_returns_einval)
{
	EXPECT_EQ(-EINVAL, file_write("myint", "hello"));
	EXPECT_STREQ("420\n", file_text("myint"));
}

TEST_F(loaded, mylong_cannot_be_written_even_by_root)
{
	EXPECT_EQ(-EACCES, file_write("mylong", "1"));
	EXPECT_STREQ("9999\n", file_text("mylong"));
}

TEST_HARNESS_MAIN
