// SPDX-License-Identifier: GPL-2.0
/*
 * Syscall steal - which opens of which user are logged, and the parameter uid
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "lib/usermem.h"
#include "spy.h"

#define PROGRAM		"/run/busybox"
#define UGLY		"new\nline\ttab \"quote\" \\ \033[2J \xc3\xa4"
#define UGLY_LOGGED	"new\\x0aline\\x09tab \"quote\" \\x5c \\x1b[2J \\xc3\\xa4"
#define CUT_LENGTH	895

/* The parameters of a load, the line that it logs and the parameter's value. */
FIXTURE(load)
{
	struct kmsg log;
};

FIXTURE_VARIANT(load)
{
	const char *params;
	const char *log;
	const char *value;
};

FIXTURE_VARIANT_ADD(load, nothing) { "", "Spying on UID:-1", "-1\n" };
FIXTURE_VARIANT_ADD(load, nobody) { "uid=-1", "Spying on UID:-1", "-1\n" };
FIXTURE_VARIANT_ADD(load, root) { "uid=0", "Spying on UID:0", "0\n" };
FIXTURE_VARIANT_ADD(load, hex) { "uid=0x3e8", "Spying on UID:1000", "1000\n" };
FIXTURE_VARIANT_ADD(load, 32_bits)
{
	"uid=2147483648", "Spying on UID:2147483648", "2147483648\n"
};

FIXTURE_VARIANT_ADD(load, last)
{
	"uid=4294967294", "Spying on UID:4294967294", "4294967294\n"
};

FIXTURE_SETUP(load)
{
	module_unload(SPY_MODULE);
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(load)
{
	module_unload(SPY_MODULE);
	kmsg_close(&self->log);
}

/*
 * Returns the next line of the log that is not about a file.  Another task of
 * root may open one while the module is loaded.
 */
static const char *next_but_files(struct kmsg *log)
{
	static const char file[] = "Opened file by ";
	const char *line;

	do {
		line = kmsg_next(log);
	} while (!strncmp(line, file, sizeof(file) - 1));
	return line;
}

/* SYSCALL-10, SYSCALL-11 */
TEST_F(load, says_whom_it_spies_on)
{
	ASSERT_EQ(0, module_load(SPY_MODULE, variant->params));
	EXPECT_STREQ(variant->log, next_but_files(&self->log));
	EXPECT_EQ(LOG_INFO, self->log.level);
	EXPECT_STREQ(variant->value, file_text(SPY_PARAMETER));
}

/* Values of the parameter that the module refuses, in a load and later. */
struct refusal {
	const char *value;
	int err;
};

static const struct refusal refusals[] = {
	{ "-2", -ERANGE },
	{ "4294967295", -ERANGE },
	{ "4294967296", -ERANGE },
	{ "18446744073709551616", -ERANGE },
	{ "-9223372036854775809", -ERANGE },
	{ "", -EINVAL },
	{ "nobody", -EINVAL },
	{ "1000x", -EINVAL },
	{ "1000 1001", -EINVAL },
};

/* SYSCALL-10, SYSCALL-11 */
TEST(load_with_what_is_no_user_leaves_nothing)
{
	char params[64];
	size_t i;

	module_unload(SPY_MODULE);
	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		snprintf(params, sizeof(params), "uid=\"%s\"",
			 refusals[i].value);
		EXPECT_EQ(refusals[i].err, module_load(SPY_MODULE, params))
			TH_LOG("%s", params);
	}
	EXPECT_EQ(-EINVAL, module_load(SPY_MODULE, "uid"));
	EXPECT_FALSE(module_is_loaded(SPY_MODULE));
}

/* SYSCALL-11 */
TEST_F(spy, parameter_keeps_its_value_when_a_write_is_refused)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		if (!*refusals[i].value)
			continue;
		EXPECT_EQ(refusals[i].err,
			  file_write(SPY_PARAMETER, refusals[i].value))
			TH_LOG("%s", refusals[i].value);
		EXPECT_STREQ("54321\n", file_text(SPY_PARAMETER));
	}
}

static int write_parameter_as_nobody(void *arg)
{
	int err = task_become_nobody();

	return err ? err : file_write(SPY_PARAMETER, "0");
}

/*
 * SYSCALL-10: the address of a table of the kernel was a parameter, which any
 * user could read.
 */
TEST_F(spy, only_parameter_is_the_uid_which_root_may_set)
{
	DIR *dir = opendir(SPY_PARAMETERS);
	struct dirent *entry;
	struct stat st;

	ASSERT_NE(NULL, dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] != '.')
			EXPECT_STREQ("uid", entry->d_name);
	}
	closedir(dir);

	ASSERT_EQ(0, stat(SPY_PARAMETER, &st));
	EXPECT_EQ(S_IFREG | 0644, st.st_mode);
	EXPECT_EQ(-EACCES, task_run(write_parameter_as_nobody, NULL));
	EXPECT_STREQ("54321\n", file_text(SPY_PARAMETER));
}

/* The uids with which a child opens a file. */
struct visit {
	uid_t real;
	uid_t effective;
};

static int visit(void *arg)
{
	const struct visit *visit = arg;
	int err = spy_become(visit->real, visit->effective);

	return err ? err : spy_open(SPY_FILE);
}

static int visit_as(uid_t real, uid_t effective)
{
	struct visit who = { real, effective };

	return task_run(visit, &who);
}

TEST_F(spy, real_uid_counts_and_no_other)
{
	EXPECT_EQ(0, visit_as(SPY_UID, SPY_UID));
	EXPECT_LOG(&self->log, SPY_LOG SPY_FILE);
	EXPECT_EQ(0, visit_as(SPY_UID, 0));
	EXPECT_LOG(&self->log, SPY_LOG SPY_FILE);

	EXPECT_EQ(0, visit_as(0, SPY_UID));
	EXPECT_EQ(0, visit_as(SPY_UID_OTHER, 0));
	EXPECT_EQ(0, visit_as(TASK_NOBODY, TASK_NOBODY));
	EXPECT_NO_LOG(&self->log);
}

/* SYSCALL-10 */
TEST_F(spy, sees_users_with_large_numbers)
{
	ASSERT_EQ(10, file_write(SPY_PARAMETER, "4294967294"));
	EXPECT_EQ(0, visit_as(4294967294, 0));
	EXPECT_LOG(&self->log, "Opened file by 4294967294: " SPY_FILE);
}

TEST_F(spy, turns_to_another_user_at_run_time)
{
	ASSERT_EQ(6, file_write(SPY_PARAMETER, "54322\n"));
	EXPECT_EQ(0, visit_as(SPY_UID, 0));
	EXPECT_EQ(0, visit_as(SPY_UID_OTHER, 0));
	EXPECT_LOG(&self->log, "Opened file by 54322: " SPY_FILE);
}

TEST_F(spy, begins_when_told_whom_to_spy_on)
{
	ASSERT_EQ(0, module_reload(SPY_MODULE, ""));
	ASSERT_EQ(0, kmsg_skip(&self->log));
	EXPECT_EQ(0, visit_as(SPY_UID, 0));
	EXPECT_NO_LOG(&self->log);

	ASSERT_EQ(5, file_write(SPY_PARAMETER, "54321"));
	EXPECT_EQ(0, visit_as(SPY_UID, 0));
	EXPECT_LOG(&self->log, SPY_LOG SPY_FILE);
}

/* SYSCALL-11 */
TEST_F(spy, looks_away_when_told_to_spy_on_nobody)
{
	ASSERT_EQ(3, file_write(SPY_PARAMETER, "-1\n"));
	EXPECT_STREQ("-1\n", file_text(SPY_PARAMETER));
	EXPECT_EQ(0, visit_as(SPY_UID, 0));
	EXPECT_EQ(0, visit_as(0, 0));
	EXPECT_NO_LOG(&self->log);

	ASSERT_EQ(5, file_write(SPY_PARAMETER, "54321"));
	EXPECT_EQ(0, visit_as(SPY_UID, 0));
	EXPECT_LOG(&self->log, SPY_LOG SPY_FILE);
}

static int create_ugly_name(void *arg)
{
	int err = spy_become(SPY_UID, 0);

	if (!err)
		err = sysret(open(UGLY, O_CREAT | O_EXCL | O_RDWR, 0666));
	return err < 0 ? err : sysret(unlink(UGLY));
}

/* SYSCALL-6 */
TEST_F(spy, name_is_one_line_of_what_can_be_printed)
{
	EXPECT_EQ(0, task_run(create_ugly_name, NULL));
	EXPECT_LOG(&self->log, SPY_LOG UGLY_LOGGED);
}

/* SYSCALL-6 */
TEST_F(spy, name_that_is_too_long_for_a_record_says_so)
{
	char logged[CUT_LENGTH + 1] = "";
	char path[PATH_MAX] = "";
	const char *line;

	memset(path, '/', sizeof(path) - 1);
	memcpy(path + sizeof(path) - sizeof("etc"), "etc", strlen("etc"));
	memset(logged, '/', sizeof(logged) - 1);
	memcpy(logged + sizeof(logged) - sizeof("..."), "...", strlen("..."));

	EXPECT_EQ(0, task_run(spy_open_as_user, path));
	line = kmsg_next(&self->log);
	ASSERT_EQ(strlen(SPY_LOG) + CUT_LENGTH, strlen(line));
	EXPECT_STREQ(logged, line + strlen(SPY_LOG));
	EXPECT_NO_LOG(&self->log);
}

/*
 * This is the largest record: the module writes an escape for each byte, and
 * /dev/kmsg another for the backslash of each escape.
 */
TEST_F(spy, name_of_escapes_alone_is_cut_behind_an_escape)
{
	char path[PATH_MAX] = "";
	const char *line;

	memset(path, '\n', sizeof(path) - 1);
	EXPECT_EQ(-ENAMETOOLONG, task_run(spy_open_as_user, path));
	line = kmsg_next(&self->log);
	ASSERT_LT(7, strlen(line));
	EXPECT_STREQ("\\x0a...", line + strlen(line) - 7);
	EXPECT_NO_LOG(&self->log);
}

/*
 * SYSCALL-5: if the kernel cannot read the name, the open fails and is not
 * logged.
 */
TEST_F(spy, name_that_cannot_be_had_is_no_open)
{
	char too_long[PATH_MAX + 1] = "";
	struct usermem mem;
	int kind;

	memset(too_long, '/', PATH_MAX);
	EXPECT_EQ(-ENAMETOOLONG, task_run(spy_open_as_user, too_long));
	EXPECT_EQ(-ENOENT, task_run(spy_open_as_user, ""));

	ASSERT_EQ(0, usermem_init(&mem));
	memset(mem.border - USERMEM_GOOD_BYTES, 'x', USERMEM_GOOD_BYTES);
	for (kind = USERMEM_NULL; kind < NR_USERMEM_KINDS; kind++) {
		EXPECT_EQ(-EFAULT, task_run(spy_open_as_user,
					    usermem_addr(&mem, kind)));
	}
	usermem_destroy(&mem);
	EXPECT_NO_LOG(&self->log);
}

static int run_program(void *arg)
{
	int err = spy_become(SPY_UID, SPY_UID);

	if (!err)
		err = sysret(execl(PROGRAM, "true", NULL));
	return err;
}

static int account_to_what_is_missing(void *arg)
{
	int err = spy_become(SPY_UID, 0);

	return err ? err : sysret(acct(SPY_MISSING));
}

/*
 * execve() opens the file of the program, and acct() opens the file that its
 * argument names.
 */
TEST_F(spy, sees_what_the_kernel_opens_for_the_user)
{
	EXPECT_EQ(0, task_run(run_program, NULL));
	EXPECT_STREQ(SPY_LOG PROGRAM, kmsg_next(&self->log));
	kmsg_skip(&self->log);

	EXPECT_EQ(-ENOENT, task_run(account_to_what_is_missing, NULL));
	EXPECT_LOG(&self->log, SPY_LOG SPY_MISSING);
}

static int look_without_opening(void *arg)
{
	struct stat st;
	int err = spy_become(SPY_UID, 0);

	if (err || stat(SPY_FILE, &st) || access(SPY_FILE, F_OK) ||
	    chmod(SPY_FILE, 0600) || truncate(SPY_FILE, 0))
		return err ? err : -errno;
	return 0;
}

TEST_F(spy, does_not_take_a_look_for_an_open)
{
	EXPECT_EQ(0, task_run(look_without_opening, NULL));
	EXPECT_NO_LOG(&self->log);
}

TEST_F(spy, second_load_returns_eexist)
{
	EXPECT_EQ(-EEXIST, module_load(SPY_MODULE, ""));
	EXPECT_EQ(0, visit_as(SPY_UID, 0));
	EXPECT_LOG(&self->log, SPY_LOG SPY_FILE);
}

TEST_F(spy, unload_is_silent)
{
	ASSERT_EQ(0, module_unload(SPY_MODULE));
	EXPECT_EQ(0, visit_as(SPY_UID, 0));
	EXPECT_NO_LOG(&self->log);
}

TEST_HARNESS_MAIN
