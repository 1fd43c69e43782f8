// SPDX-License-Identifier: GPL-2.0
/*
 * Hello debugfs - variables that are both files of debugfs and parameters
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
#include "lib/usermem.h"

#define MODULE		"hello-debugfs"
#define DIR		"/sys/kernel/debug/lkmpg_debugfs"
#define PARAMETERS	"/sys/module/hello_debugfs/parameters"
#define VALUE		DIR "/debug_value"
#define ENABLED		DIR "/debug_enabled"
#define VALUE_PARAM	PARAMETERS "/debug_value"
#define ENABLED_PARAM	PARAMETERS "/debug_enabled"

/* Each variable has two files, one of debugfs and one of a parameter. */
FIXTURE(file)
{
};

FIXTURE_VARIANT(file)
{
	const char *dir;
	const char *name;
	const char *other;
	const char *text;
};

FIXTURE_VARIANT_ADD(file, debug_value)
{
	DIR, "debug_value", VALUE_PARAM, "4294967295\n"
};

FIXTURE_VARIANT_ADD(file, debug_value_parameter)
{
	PARAMETERS, "debug_value", VALUE, "4294967295\n"
};

FIXTURE_VARIANT_ADD(file, debug_enabled)
{
	DIR, "debug_enabled", ENABLED_PARAM, "N\n"
};

FIXTURE_VARIANT_ADD(file, debug_enabled_parameter)
{
	PARAMETERS, "debug_enabled", ENABLED, "N\n"
};

FIXTURE_SETUP(file)
{
	ASSERT_EQ(0, module_reload(MODULE, ""));
	ASSERT_EQ(0, chdir(variant->dir));
}

FIXTURE_TEARDOWN(file)
{
	EXPECT_EQ(0, chdir("/"));
	EXPECT_EQ(0, module_unload(MODULE));
}

TEST_F(file, has_the_mode_of_the_listing)
{
	EXPECT_FILE_OF_ROOT(S_IFREG | 0600, variant->name);
}

TEST_F(file, is_for_root_alone)
{
	EXPECT_EQ(-EACCES, unprivileged_opens(".", variant->name, O_RDONLY));
	EXPECT_EQ(-EACCES, unprivileged_opens(".", variant->name, O_WRONLY));
}

TEST_F(file, has_what_was_written_and_so_has_the_other)
{
	EXPECT_EQ((long)strlen(variant->text),
		  file_write(variant->name, variant->text));
	EXPECT_STREQ(variant->text, file_text(variant->name));
	EXPECT_STREQ(variant->text, file_text(variant->other));
}

TEST_F(file, has_what_was_written_to_the_other)
{
	EXPECT_EQ((long)strlen(variant->text),
		  file_write(variant->other, variant->text));
	EXPECT_STREQ(variant->text, file_text(variant->name));
}

/*
 * .text is written while the value is 7.  .err is the error of that write, or
 * 0.  .then is the content of the file after the write. debugfs truncates a
 * value to 32 bits.
 */
FIXTURE(value)
{
};

FIXTURE_VARIANT(value)
{
	const char *text;
	int err;
	const char *then;
};

FIXTURE_VARIANT_ADD(value, digits) { "12", 0, "12\n" };
FIXTURE_VARIANT_ADD(value, line) { "12\n", 0, "12\n" };
FIXTURE_VARIANT_ADD(value, nought) { "0\n", 0, "0\n" };
FIXTURE_VARIANT_ADD(value, hex) { "0xff\n", 0, "255\n" };
FIXTURE_VARIANT_ADD(value, 32_bits) { "4294967295\n", 0, "4294967295\n" };
FIXTURE_VARIANT_ADD(value, 33_bits) { "4294967299\n", 0, "3\n" };
FIXTURE_VARIANT_ADD(value, 65_bits) { "18446744073709551616", -ERANGE, "7\n" };
FIXTURE_VARIANT_ADD(value, negative) { "-1\n", -EINVAL, "7\n" };
FIXTURE_VARIANT_ADD(value, word) { "abc\n", -EINVAL, "7\n" };
FIXTURE_VARIANT_ADD(value, then_letters) { "12xyz", -EINVAL, "7\n" };
FIXTURE_VARIANT_ADD(value, two_newlines) { "12\n\n", -EINVAL, "7\n" };
FIXTURE_VARIANT_ADD(value, newline) { "\n", -EINVAL, "7\n" };

FIXTURE_SETUP(value)
{
	ASSERT_EQ(0, module_reload(MODULE, "debug_value=7"));
}

FIXTURE_TEARDOWN(value)
{
	EXPECT_EQ(0, module_unload(MODULE));
}

TEST_F(value, is_taken_or_left)
{
	EXPECT_EQ(variant->err ? variant->err : (long)strlen(variant->text),
		  file_write(VALUE, variant->text));
	EXPECT_STREQ(variant->then, file_text(VALUE));
}

/* The parameters of a load, and the content of the two files after it. */
FIXTURE(load)
{
};

FIXTURE_VARIANT(load)
{
	const char *params;
	const char *value;
	const char *enabled;
};

FIXTURE_VARIANT_ADD(load, nothing) { "", "42\n", "Y\n" };
FIXTURE_VARIANT_ADD(load, value) { "debug_value=0xff", "255\n", "Y\n" };
FIXTURE_VARIANT_ADD(load, n) { "debug_enabled=0", "42\n", "N\n" };
FIXTURE_VARIANT_ADD(load, y) { "debug_enabled=N debug_enabled", "42\n", "Y\n" };

FIXTURE_SETUP(load)
{
	ASSERT_EQ(0, module_reload(MODULE, variant->params));
}

FIXTURE_TEARDOWN(load)
{
	EXPECT_EQ(0, module_unload(MODULE));
}

TEST_F(load, sets_the_variables)
{
	EXPECT_STREQ(variant->value, file_text(VALUE));
	EXPECT_STREQ(variant->enabled, file_text(ENABLED));
}

FIXTURE(hello_debugfs)
{
	struct kmsg log;
};

FIXTURE_SETUP(hello_debugfs)
{
	ASSERT_EQ(0, module_reload(MODULE, ""));
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(hello_debugfs)
{
	kmsg_close(&self->log);
	module_unload(MODULE);
}

TEST_F(hello_debugfs, is_not_loaded_with_bad_parameters)
{
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_EQ(-EINVAL, module_load(MODULE, "debug_value=-1"));
	EXPECT_EQ(-ERANGE, module_load(MODULE, "debug_value=4294967296"));
	EXPECT_EQ(-EINVAL, module_load(MODULE, "debug_enabled=maybe"));

	EXPECT_FALSE(module_is_loaded(MODULE));
	EXPECT_EQ(-ENOENT, sysret(access(DIR, F_OK)));
}

TEST_F(hello_debugfs, parameters_do_not_take_what_does_not_fit)
{
	EXPECT_EQ(-EINVAL, file_write(VALUE_PARAM, "-1\n"));
	EXPECT_EQ(-ERANGE, file_write(VALUE_PARAM, "4294967296\n"));
	EXPECT_EQ(-EINVAL, file_write(ENABLED_PARAM, "maybe\n"));
	EXPECT_STREQ("42\n", file_text(VALUE));
	EXPECT_STREQ("Y\n", file_text(ENABLED));
}

/* debugfs returns the length of a write even if the text is not a flag. */
TEST_F(hello_debugfs, flag_takes_words_for_yes_and_no_only)
{
	EXPECT_EQ(3, file_write(ENABLED, "off"));
	EXPECT_STREQ("N\n", file_text(ENABLED));
	EXPECT_EQ(5, file_write(ENABLED, "maybe"));
	EXPECT_STREQ("N\n", file_text(ENABLED));
	EXPECT_EQ(2, file_write(ENABLED, "1\n"));
	EXPECT_STREQ("Y\n", file_text(ENABLED));
}

TEST_F(hello_debugfs, value_may_be_read_byte_by_byte)
{
	int fd = open(VALUE, O_RDONLY | O_CLOEXEC);
	char text[8] = "";

	ASSERT_LE(0, fd);
	EXPECT_EQ(3, file_read_chunks(fd, text, sizeof(text), 1));
	EXPECT_STREQ("42\n", text);
	close(fd);
}

TEST_F(hello_debugfs, takes_nothing_from_a_bad_buffer)
{
	int value = open(VALUE, O_WRONLY | O_CLOEXEC);
	int enabled = open(ENABLED, O_WRONLY | O_CLOEXEC);
	struct usermem mem;

	ASSERT_LE(0, value);
	ASSERT_LE(0, enabled);
	ASSERT_EQ(0, usermem_init(&mem));

	EXPECT_EQ(-EFAULT, sysret(write(value, mem.border, 2)));
	EXPECT_EQ(2, sysret(write(enabled, mem.border, 2)));
	EXPECT_STREQ("42\n", file_text(VALUE));
	EXPECT_STREQ("Y\n", file_text(ENABLED));

	usermem_destroy(&mem);
	close(enabled);
	close(value);
}

TEST_F(hello_debugfs, open_files_die_with_the_module)
{
	int value = open(VALUE, O_RDWR | O_CLOEXEC);
	int enabled = open(ENABLED, O_RDWR | O_CLOEXEC);
	char byte = 'x';

	ASSERT_LE(0, value);
	ASSERT_LE(0, enabled);
	EXPECT_EQ(0, module_refcount(MODULE));
	ASSERT_EQ(0, module_reload(MODULE, ""));

	EXPECT_EQ(-EIO, sysret(read(value, &byte, 1)));
	EXPECT_EQ(-EIO, sysret(write(value, "7", 1)));
	EXPECT_EQ(-EIO, sysret(read(enabled, &byte, 1)));
	EXPECT_EQ(-EIO, sysret(write(enabled, "N", 1)));
	EXPECT_EQ('x', byte);
	EXPECT_EQ(0, close(enabled));
	EXPECT_EQ(0, close(value));
}

TEST_F(hello_debugfs, takes_the_directory_away)
{
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_EQ(-ENOENT, sysret(access(DIR, F_OK)));
}

TEST_F(hello_debugfs, logs_its_coming_and_going)
{
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LOG(&self->log, "debugfs example removed");

	ASSERT_EQ(0, module_load(MODULE, ""));
	EXPECT_LOG(&self->log, "debugfs interface registered under " DIR);
}

TEST_F(hello_debugfs, logs_no_use)
{
	EXPECT_EQ(2, file_write(VALUE, "7\n"));
	EXPECT_EQ(2, file_write(ENABLED_PARAM, "N\n"));
	EXPECT_STREQ("7\n", file_text(VALUE_PARAM));
	EXPECT_STREQ("N\n", file_text(ENABLED));
	EXPECT_EQ(-EINVAL, file_write(VALUE, "abc\n"));
	EXPECT_NO_LOG(&self->log);
}

TEST_HARNESS_MAIN
