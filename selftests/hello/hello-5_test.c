// SPDX-License-Identifier: GPL-2.0
/*
 * Hello 5 - module parameters, set on loading and through sysfs
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"

#define PARAMETERS	"/sys/module/hello_5/parameters/"
#define NR_LINES	7

struct access {
	const char *name;
	int flags;
};

static int parameter_open(const char *name, int flags)
{
	char path[128];

	snprintf(path, sizeof(path), PARAMETERS "%s", name);
	return sysret(open(path, flags | O_CLOEXEC));
}

/* Returns the value in a parameter's file, or an error message. */
static const char *parameter_read(const char *name)
{
	static char text[64];
	int fd = parameter_open(name, O_RDONLY);
	ssize_t len;

	if (fd < 0)
		return strerror(-fd);

	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[len < 0 ? 0 : len] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return text;
}

static int parameter_write(const char *name, const char *text)
{
	int fd = parameter_open(name, O_WRONLY);
	int ret;

	if (fd < 0)
		return fd;

	ret = sysret(write(fd, text, strlen(text)));
	close(fd);
	return ret;
}

static int open_as_nobody(void *arg)
{
	struct access *access = arg;
	int err = task_become_nobody();

	if (!err)
		err = parameter_open(access->name, access->flags);
	return err < 0 ? err : 0;
}

static int unprivileged_opens(const char *name, int flags)
{
	struct access access = { .name = name, .flags = flags };

	return task_run(open_as_nobody, &access);
}

/*
 * The documented examples: the module is loaded with .params and logs .lines.
 */
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
FIXTURE(refused)
{
};

FIXTURE_VARIANT(refused)
{
	const char *params;
	int err;
};

FIXTURE_VARIANT_ADD(refused, word_for_a_number)
{
	.params = "mylong=hello",
	.err = -EINVAL,
};

FIXTURE_VARIANT_ADD(refused, no_value)
{
	.params = "myint",
	.err = -EINVAL,
};

FIXTURE_VARIANT_ADD(refused, three_array_values)
{
	.params = "myintarray=1,2,3",
	.err = -EINVAL,
};

FIXTURE_VARIANT_ADD(refused, word_in_the_array)
{
	.params = "myintarray=1,two",
	.err = -EINVAL,
};

FIXTURE_VARIANT_ADD(refused, short_above_range)
{
	.params = "myshort=32768",
	.err = -ERANGE,
};

FIXTURE_VARIANT_ADD(refused, short_below_range)
{
	.params = "myshort=-32769",
	.err = -ERANGE,
};

FIXTURE_VARIANT_ADD(refused, int_above_range)
{
	.params = "myint=2147483648",
	.err = -ERANGE,
};

FIXTURE_SETUP(refused)
{
}

FIXTURE_TEARDOWN(refused)
{
	module_unload("hello-5");
}

TEST_F(refused, load_fails_and_leaves_nothing)
{
	EXPECT_EQ(variant->err, module_load("hello-5", variant->params));
	EXPECT_FALSE(module_is_loaded("hello-5"));
}

/* The parameters that have a file, and the file's permissions. */
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

FIXTURE_VARIANT_ADD(file, myshort)
{
	.name = "myshort",
	.value = "1",
	.mode = 0660,
	.read_err = -EACCES,
};

FIXTURE_VARIANT_ADD(file, myint)
{
	.name = "myint",
	.value = "420",
	.mode = 0644,
	.read_err = 0,
};

FIXTURE_VARIANT_ADD(file, mylong)
{
	.name = "mylong",
	.value = "9999",
	.mode = 0400,
	.read_err = -EACCES,
};

FIXTURE_SETUP(file)
{
	ASSERT_EQ(0, module_load("hello-5", ""));
}

FIXTURE_TEARDOWN(file)
{
	module_unload("hello-5");
}

TEST_F(file, has_the_documented_mode)
{
	char path[128];
	struct stat st;

	snprintf(path, sizeof(path), PARAMETERS "%s", variant->name);
	ASSERT_EQ(0, stat(path, &st));
	EXPECT_EQ(variant->mode, st.st_mode & 07777);
}

TEST_F(file, shows_the_default)
{
	EXPECT_STREQ(variant->value, parameter_read(variant->name));
}

TEST_F(file, lets_others_read_or_not)
{
	EXPECT_EQ(variant->read_err, unprivileged_opens(variant->name, O_RDONLY));
}

TEST_F(file, lets_nobody_else_write)
{
	EXPECT_EQ(-EACCES, unprivileged_opens(variant->name, O_WRONLY));
}

/* Reads and writes of the files by root. */
FIXTURE(loaded)
{
};

FIXTURE_SETUP(loaded)
{
	ASSERT_EQ(0, module_load("hello-5", ""));
}

FIXTURE_TEARDOWN(loaded)
{
	module_unload("hello-5");
}

TEST_F(loaded, parameters_of_mode_0_have_no_file)
{
	EXPECT_EQ(-ENOENT, parameter_open("mystring", O_RDONLY));
	EXPECT_EQ(-ENOENT, parameter_open("myintarray", O_RDONLY));
}

TEST_F(loaded, myint_is_what_was_written)
{
	EXPECT_EQ(2, parameter_write("myint", "7\n"));
	EXPECT_STREQ("7", parameter_read("myint"));
}

TEST_F(loaded, myshort_takes_both_ends_of_its_range)
{
	EXPECT_EQ(5, parameter_write("myshort", "32767"));
	EXPECT_STREQ("32767", parameter_read("myshort"));

	EXPECT_EQ(6, parameter_write("myshort", "-32768"));
	EXPECT_STREQ("-32768", parameter_read("myshort"));
}

TEST_F(loaded, myshort_outside_its_range_returns_erange)
{
	EXPECT_EQ(-ERANGE, parameter_write("myshort", "32768"));
	EXPECT_EQ(-ERANGE, parameter_write("myshort", "-32769"));
	EXPECT_STREQ("1", parameter_read("myshort"));
}

TEST_F(loaded, word_for_a_number_returns_einval)
{
	EXPECT_EQ(-EINVAL, parameter_write("myint", "hello"));
	EXPECT_STREQ("420", parameter_read("myint"));
}

TEST_F(loaded, mylong_cannot_be_written_even_by_root)
{
	EXPECT_EQ(-EACCES, parameter_write("mylong", "1"));
	EXPECT_STREQ("9999", parameter_read("mylong"));
}

TEST_HARNESS_MAIN
