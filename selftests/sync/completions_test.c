// SPDX-License-Identifier: GPL-2.0
/*
 * Completions - two kernel threads, of which one waits for the other
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <linux/acct.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/await.h"
#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"

#define MODULE		"completions"
#define NR_LOADS	100
#define NR_NAMES	2
#define THREADS_MAX	"/proc/sys/kernel/threads-max"
/*
 * More than the number of tasks that may start in an idle guest during the
 * test.
 */
#define NR_OTHERS	50

static const char * const names[NR_NAMES] = { "crank", "flywheel" };

static bool is_called(const char *pid, const char *name)
{
	char path[300];
	char comm[32];

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	if (file_read(path, comm, sizeof(comm)) < 0)
		return false;
	comm[strcspn(comm, "\n")] = '\0';
	return !strcmp(comm, name);
}

/* Counts the tasks that have the name of one of the module's threads. */
static int count_threads(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int nr = 0;
	int i;

	if (!proc)
		return -errno;

	while ((entry = readdir(proc))) {
		if (strspn(entry->d_name, "0123456789") !=
		    strlen(entry->d_name))
			continue;
		for (i = 0; i < NR_NAMES; i++)
			nr += is_called(entry->d_name, names[i]);
	}
	closedir(proc);
	return nr;
}

/*
 * Returns true if the module has no thread.  Shortly after an unload a thread
 * may still exist: it no longer runs code of the module, but has not ended yet.
 */
static bool threads_are_gone(pid_t unused)
{
	return count_threads() == 0;
}

/* Returns the number of tasks: 123 in "0.00 0.01 0.05 1/123 4567". */
static long nr_tasks(void)
{
	char text[64];
	char *slash;

	if (file_read("/proc/loadavg", text, sizeof(text)) < 0)
		return -1;
	slash = strchr(text, '/');
	return slash ? strtol(slash + 1, NULL, 10) : -1;
}

static long set_threads_max(long nr)
{
	char text[24];

	snprintf(text, sizeof(text), "%ld", nr);
	return file_write(THREADS_MAX, text);
}

FIXTURE(completions)
{
	struct kmsg log;
	int file;
};

FIXTURE_SETUP(completions)
{
	ASSERT_EQ(0, kmsg_open(&self->log));
	self->file = module_open(MODULE);
	ASSERT_LE(0, self->file);
	ASSERT_EQ(0, module_insert(self->file, ""));
}

FIXTURE_TEARDOWN(completions)
{
	module_unload(MODULE);
	close(self->file);
	kmsg_close(&self->log);
}

TEST_F(completions, crank_is_turned_before_the_flywheel_spins)
{
	ASSERT_EQ(0, module_unload(MODULE));

	EXPECT_LOG(&self->log, "completions example", "Turn the crank",
		   "Flywheel spins up", "completions exit");
}

/* COMPL-1 */
TEST_F(completions, unload_waits_for_both_threads)
{
	int i;

	for (i = 0; i < NR_LOADS; i++) {
		ASSERT_EQ(0, module_unload(MODULE));
		EXPECT_LOG(&self->log, "completions example", "Turn the crank",
			   "Flywheel spins up", "completions exit");
		ASSERT_EQ(0, module_insert(self->file, ""));
	}
}

/* COMPL-1 */
TEST_F(completions, threads_end_by_themselves)
{
	EXPECT_TRUE(await(threads_are_gone, 0));
	EXPECT_EQ(0, module_refcount(MODULE));
}

/* COMPL-1 */
TEST_F(completions, unload_leaves_no_thread)
{
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_TRUE(await(threads_are_gone, 0));
}

/* A kernel with a low limit on the number of threads. */
FIXTURE(thread_limit)
{
	char before[24];
	int file;
};

FIXTURE_SETUP(thread_limit)
{
	ASSERT_LT(0, file_read(THREADS_MAX, self->before,
			       sizeof(self->before)));
	module_unload(MODULE);
	self->file = module_open(MODULE);
	ASSERT_LE(0, self->file);
}

FIXTURE_TEARDOWN(thread_limit)
{
	EXPECT_LT(0, file_write(THREADS_MAX, self->before));
	close(self->file);
}

/*
 * COMPL-3: at first the limit allows neither of the module's two threads, then
 * only one of them, and at last both.
 */
TEST_F(thread_limit, load_says_that_there_are_too_many)
{
	long nr = nr_tasks();
	int more = 0;
	int err;

	ASSERT_LT(0, nr);
	do {
		ASSERT_LT(0, set_threads_max(nr + more));
		err = module_insert(self->file, "");
		ASSERT_LT(0, file_write(THREADS_MAX, self->before));
		if (!err)
			break;
		ASSERT_EQ(-EAGAIN, err);
		ASSERT_FALSE(module_is_loaded(MODULE));
		ASSERT_TRUE(await(threads_are_gone, 0));
	} while (++more < NR_OTHERS);

	EXPECT_EQ(0, err);
	EXPECT_LT(0, more);
	EXPECT_EQ(0, module_unload(MODULE));
}

/* BSD process accounting: the kernel writes a record when a task ends. */
FIXTURE(account)
{
	char path[32];
	int fd;
};

FIXTURE_SETUP(account)
{
	if (access("/proc/sys/kernel/acct", F_OK))
		SKIP(return, "needs CONFIG_BSD_PROCESS_ACCT");

	snprintf(self->path, sizeof(self->path), "/run/account-XXXXXX");
	self->fd = mkstemp(self->path);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, acct(self->path));
	ASSERT_EQ(0, module_reload(MODULE, ""));
}

FIXTURE_TEARDOWN(account)
{
	acct(NULL);
	unlink(self->path);
	close(self->fd);
}

/* Returns how many tasks with the name @name have ended. */
static int count_ended(int fd, const char *name)
{
	struct acct_v3 record;
	off_t at = 0;
	int nr = 0;

	while (pread(fd, &record, sizeof(record), at) == sizeof(record)) {
		nr += !strncmp(name, record.ac_comm, sizeof(record.ac_comm));
		at += sizeof(record);
	}
	return nr;
}

/* COMPL-4: a task's name has at most 15 bytes; a longer one is truncated. */
TEST_F(account, threads_have_names_that_fit)
{
	int i;

	ASSERT_EQ(0, module_unload(MODULE));
	ASSERT_TRUE(await(threads_are_gone, 0));
	for (i = 0; i < NR_NAMES; i++)
		EXPECT_EQ(1, count_ended(self->fd, names[i]));
}

TEST_HARNESS_MAIN
