// SPDX-License-Identifier: GPL-2.0
/*
 * Syscall steal - load and unload of the spy while other tasks open files
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/await.h"
#include "lib/file.h"
#include "lib/gate.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/shared.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "spy.h"

#define NR_SLEEPERS	4
#define NR_TASKS	2
#define NR_LOADS	20
#define PAUSE_US	500
#define NR_OPENS	100
#define LONG_NAME	800
#define UNLOAD_MS	1000
#define PROBES		"/sys/kernel/debug/kprobes/list"
#define TRACING		"/sys/kernel/tracing"
#define EVENTS		TRACING "/kprobe_events"
#define PROFILE		TRACING "/kprobe_profile"
#define ENABLE		TRACING "/events/modproof/other/enable"

/* What the children share with the test. */
struct crowd {
	struct gate arrived;
	bool is_over;
};

/*
 * Children that open a file repeatedly, on the same processor as the test.  On
 * several processors this may fail under an emulator, which may still execute
 * an instruction that another processor has changed.  Under QEMU's, a processor
 * may hit a breakpoint of text_poke() after text_poke() has ended, and the
 * kernel takes that for the breakpoint of the probe.
 */
FIXTURE(crowd)
{
	struct crowd *crowd;
	pid_t children[NR_TASKS];
};

/*
 * Opens a file until the test is over.  Pauses after each open, so that the
 * test can load and unload the module.
 */
static int open_until_over(void *arg)
{
	struct crowd *crowd = arg;
	int err = spy_become(SPY_UID, 0);

	gate_open(&crowd->arrived);
	while (!err && !__atomic_load_n(&crowd->is_over, __ATOMIC_RELAXED)) {
		err = spy_open("/dev/null");
		usleep(PAUSE_US);
	}
	return err;
}

FIXTURE_SETUP(crowd)
{
	cpu_set_t first;
	int i;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	ASSERT_EQ(0, sched_setaffinity(0, sizeof(first), &first));

	self->crowd = shared_alloc(sizeof(*self->crowd));
	ASSERT_NE(NULL, self->crowd);
	ASSERT_EQ(0, gate_init(&self->crowd->arrived));
	ASSERT_EQ(0, module_reload(SPY_MODULE, SPY_LOAD));

	for (i = 0; i < NR_TASKS; i++) {
		self->children[i] = task_start(open_until_over, self->crowd);
		ASSERT_LT(0, self->children[i]);
		ASSERT_EQ(1, gate_wait(&self->crowd->arrived));
	}
}

FIXTURE_TEARDOWN(crowd)
{
	int i;

	__atomic_store_n(&self->crowd->is_over, true, __ATOMIC_RELAXED);
	for (i = 0; i < NR_TASKS; i++)
		EXPECT_EQ(0, task_wait(self->children[i]));
	module_unload(SPY_MODULE);
	gate_destroy(&self->crowd->arrived);
	shared_free(self->crowd, sizeof(*self->crowd));
}

/* SYSCALL-3 */
TEST_F(crowd, opens_on_while_the_spy_comes_and_goes)
{
	int file = module_open(SPY_MODULE);
	int i;

	ASSERT_LE(0, file);
	for (i = 0; i < NR_LOADS; i++) {
		ASSERT_EQ(0, module_unload(SPY_MODULE));
		ASSERT_EQ(0, module_insert(file, SPY_LOAD));
	}
	close(file);
}

static int open_many_times(void *path)
{
	int err = spy_become(SPY_UID, 0);
	int i;

	for (i = 0; i < NR_OPENS && !err; i++)
		err = spy_open(path);
	return err;
}

/*
 * The parameter changes while the module logs an open; a long name makes that
 * more likely.  The record must name the user that opened the file, and not the
 * new value of the parameter.
 */
TEST_F(spy, never_takes_one_user_for_another)
{
	char path[LONG_NAME + sizeof("dev/null")] = "";
	const char *line;
	pid_t child;
	int nr;

	memset(path, '/', LONG_NAME);
	strcat(path, "dev/null");
	child = task_start(open_many_times, path);
	ASSERT_LT(0, child);
	line = kmsg_wait(&self->log);
	do {
		ASSERT_EQ(5, file_write(SPY_PARAMETER, "54322"));
		ASSERT_EQ(5, file_write(SPY_PARAMETER, "54321"));
	} while (!await_end(child, 0));
	EXPECT_EQ(0, task_wait(child));

	for (nr = 0; *line; nr++) {
		ASSERT_EQ(0, strncmp(SPY_LOG, line, strlen(SPY_LOG)))
			TH_LOG("%s", line);
		line = kmsg_next(&self->log);
	}
	EXPECT_LT(0, nr);
	EXPECT_GE(NR_OPENS, nr);
}

/*
 * Opens the FIFO as the user.  This blocks until the test opens it for writing.
 */
static int open_fifo(void *arg)
{
	int err = spy_become(SPY_UID, 0);

	return err ? err : spy_open(SPY_FIFO);
}

static bool is_in_open(pid_t pid)
{
	return await_state(pid) == 'S' && await_syscall(pid) == SYS_openat;
}

/*
 * SYSCALL-3: the unload waited only two seconds; after that, tasks ran freed
 * code.
 */
TEST_F(spy, unload_waits_for_nobody_who_sleeps_in_an_open)
{
	pid_t children[NR_SLEEPERS];
	long start;
	int fd;
	int i;

	for (i = 0; i < NR_SLEEPERS; i++) {
		children[i] = task_start(open_fifo, NULL);
		ASSERT_LT(0, children[i]);
		ASSERT_TRUE(await(is_in_open, children[i]));
		EXPECT_STREQ(SPY_LOG SPY_FIFO, kmsg_next(&self->log));
	}

	start = await_now_ms();
	ASSERT_EQ(0, module_unload(SPY_MODULE));
	EXPECT_GT(UNLOAD_MS, await_now_ms() - start);
	for (i = 0; i < NR_SLEEPERS; i++)
		EXPECT_TRUE(is_in_open(children[i]));

	fd = open(SPY_FIFO, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	for (i = 0; i < NR_SLEEPERS; i++)
		EXPECT_EQ(0, await_task(children[i]));
	close(fd);
	EXPECT_NO_LOG(&self->log);
}

/* SYSCALL-3 */
TEST_F(spy, next_load_knows_nothing_of_who_slept_through_it)
{
	pid_t child = task_start(open_fifo, NULL);
	int fd;

	ASSERT_LT(0, child);
	ASSERT_TRUE(await(is_in_open, child));
	ASSERT_EQ(0, module_reload(SPY_MODULE, SPY_LOAD));
	EXPECT_LOG(&self->log, SPY_LOG SPY_FIFO, SPY_LOADED);

	fd = open(SPY_FIFO, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, await_task(child));
	close(fd);
	EXPECT_NO_LOG(&self->log);
}

/* Returns the length of the kernel's list of kprobes, in bytes. */
static long probes(void)
{
	static char text[4096];

	mount("none", "/sys/kernel/debug", "debugfs", 0, NULL);
	return file_read(PROBES, text, sizeof(text));
}

/* If the parameter names no user, the module has registered no probe. */
TEST_F(spy, has_no_probe_while_it_spies_on_nobody)
{
	long with = probes();
	long without;

	ASSERT_EQ(0, module_reload(SPY_MODULE, ""));
	without = probes();
	ASSERT_LE(0, without);
	EXPECT_LT(without, with);

	ASSERT_EQ(5, file_write(SPY_PARAMETER, "54321"));
	EXPECT_EQ(with, probes());
	ASSERT_EQ(1, file_write(SPY_PARAMETER, "0"));
	EXPECT_EQ(with, probes());
	ASSERT_EQ(2, file_write(SPY_PARAMETER, "-1"));
	EXPECT_EQ(without, probes());
	ASSERT_EQ(5, file_write(SPY_PARAMETER, "54321"));
	EXPECT_EQ(with, probes());
}

/* SYSCALL-2: an unload undoes every change of the kernel's code and tables. */
TEST_F(spy, unload_takes_the_probe_away)
{
	long with = probes();
	long without;

	ASSERT_LT(0, with);
	ASSERT_EQ(0, module_unload(SPY_MODULE));
	without = probes();
	EXPECT_LE(0, without);
	EXPECT_LT(without, with);

	ASSERT_EQ(-ERANGE, module_load(SPY_MODULE, "uid=-2"));
	EXPECT_EQ(without, probes());
	ASSERT_EQ(0, module_load(SPY_MODULE, SPY_LOAD));
	EXPECT_EQ(with, probes());
}

/*
 * Appends a line to a file.  The file is not truncated, which would remove its
 * other lines.
 */
static long file_append(const char *path, const char *line)
{
	return file_write_flags(path, line, O_APPEND);
}

/* A kprobe event of the kernel at the function that the module probes. */
FIXTURE(neighbour)
{
	struct kmsg log;
};

FIXTURE_SETUP(neighbour)
{
	mount("none", TRACING, "tracefs", 0, NULL);
	if (access(EVENTS, F_OK))
		SKIP(return, "needs CONFIG_KPROBE_EVENTS");
	if (file_append(EVENTS, "p:modproof/other do_file_open") < 0)
		ASSERT_LT(0, file_append(EVENTS,
					 "p:modproof/other do_filp_open"));
	ASSERT_EQ(1, file_write(ENABLE, "1"));
	ASSERT_EQ(0, module_reload(SPY_MODULE, SPY_LOAD));
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(neighbour)
{
	kmsg_close(&self->log);
	module_unload(SPY_MODULE);
	EXPECT_EQ(1, file_write(ENABLE, "0"));
	EXPECT_LT(0, file_append(EVENTS, "-:modproof/other"));
}

/* Returns how often the kprobe event was hit: 12 in " other 12 0". */
static long nr_hits(void)
{
	char text[128] = "";
	long hits;

	file_read(PROFILE, text, sizeof(text));
	return sscanf(text, " other %ld", &hits) == 1 ? hits : -1;
}

/*
 * SYSCALL-4: the unload restored the old entry of the table.  This removed the
 * hooks of others that were added later.
 */
TEST_F(neighbour, stays_when_the_spy_goes)
{
	long before;

	EXPECT_EQ(0, task_run(spy_open_as_user, "/dev/null"));
	EXPECT_LOG(&self->log, SPY_LOG "/dev/null");
	ASSERT_EQ(0, module_unload(SPY_MODULE));

	before = nr_hits();
	EXPECT_LT(0, before);
	EXPECT_EQ(0, task_run(spy_open_as_user, "/dev/null"));
	EXPECT_LT(before, nr_hits());
}

TEST_HARNESS_MAIN
