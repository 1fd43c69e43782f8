// SPDX-License-Identifier: GPL-2.0
/*
 * Full example - owners of /proc/full_ex that are processes with the same pid
 *
 * Most processes here share the test's descriptors, so that a file that such a
 * process opens stays open after the process has ended.
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include "full_ex.h"
#include "lib/gate.h"
#include "lib/sysret.h"
#include "lib/task.h"

/* Many more than the buckets that the module's table of owners has at first. */
#define NR_OPENERS	1000

/* One of two processes that have the same pid in different namespaces. */
struct twin {
	int value;
	struct gate arrived;
	struct gate leave;
};

static int open_and_leave(void *arg)
{
	int *fd = arg;

	*fd = full_ex_open_sized(1);
	return 0;
}

static int open_once(void *arg)
{
	int fd = full_ex_open();

	return fd < 0 ? fd : 0;
}

/*
 * Runs as process 1 of its namespace: opens the file, pushes a value, waits for
 * the test, and must pop the same value.
 */
static int be_a_twin(void *arg)
{
	struct twin *twin = arg;
	int fd = full_ex_open_sized(1);
	int value;

	gate_open(&twin->arrived);
	if (getpid() != 1)
		return -ESRCH;
	if (fd < 0)
		return fd;
	if (full_ex_push(fd, twin->value) != 4 || gate_wait(&twin->leave) != 1)
		return -EIO;
	if (full_ex_pop(fd, &value) != 4)
		return -EIO;
	return value == twin->value ? 0 : -ERANGE;
}

FIXTURE(pid)
{
	int fds[NR_OPENERS];
};

FIXTURE_SETUP(pid)
{
	struct rlimit limit = { 2 * NR_OPENERS, 2 * NR_OPENERS };

	ASSERT_EQ(0, full_ex_load());
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
}

FIXTURE_TEARDOWN(pid)
{
}

/* FULLEX-2 */
TEST_F(pid, new_process_with_an_old_number_may_open)
{
	pid_t old = task_run_sharing(open_and_leave, &self->fds[0]);
	pid_t new;

	ASSERT_LT(0, old);
	ASSERT_LE(0, self->fds[0]);

	new = task_clone(0, old, open_once, NULL);
	ASSERT_EQ(old, new);
	EXPECT_EQ(0, task_wait(new));

	EXPECT_EQ(4, full_ex_push(self->fds[0], 7));
	EXPECT_POP(7, self->fds[0]);
	close(self->fds[0]);
}

TEST_F(pid, process_1_of_two_namespaces_is_two)
{
	struct twin twins[2] = { { .value = 7 }, { .value = 8 } };
	pid_t child[2];
	int i;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, gate_init(&twins[i].arrived));
		ASSERT_EQ(0, gate_init(&twins[i].leave));
		child[i] = task_clone(CLONE_NEWPID, 0, be_a_twin, &twins[i]);
		ASSERT_LT(0, child[i]);
	}

	for (i = 0; i < 2; i++)
		EXPECT_EQ(1, gate_wait(&twins[i].arrived));
	for (i = 0; i < 2; i++)
		gate_open(&twins[i].leave);
	for (i = 0; i < 2; i++)
		EXPECT_EQ(0, task_wait(child[i]));
}

TEST_F(pid, a_thousand_processes_may_have_it_open)
{
	int i;

	for (i = 0; i < NR_OPENERS; i++) {
		ASSERT_LT(0, task_run_sharing(open_and_leave, &self->fds[i]));
		ASSERT_LE(0, self->fds[i]);
		ASSERT_EQ(4, full_ex_push(self->fds[i], i));
	}
	for (i = 0; i < NR_OPENERS; i++) {
		EXPECT_POP(i, self->fds[i]);
		ASSERT_EQ(0, close(self->fds[i]));
	}
	EXPECT_EQ(0, task_run(open_once, NULL));
}

TEST_HARNESS_MAIN
