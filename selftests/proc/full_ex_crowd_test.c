// SPDX-License-Identifier: GPL-2.0
/*
 * Full example - thousands of owners of /proc/full_ex, and their release
 *
 * Each owner is a process that opens the file and then ends.  The task that
 * started it shares its descriptors, so the file stays open and the module
 * still keeps the claim of the ended process.  In this way the test needs
 * little memory: a claim takes a few hundred bytes, but a process takes many
 * thousands.
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <unistd.h>

#include "full_ex.h"
#include "lib/gate.h"
#include "lib/module.h"
#include "lib/shared.h"
#include "lib/sysret.h"
#include "lib/task.h"

/*
 * For this many owners, the module's table of owners grows six times; it has 64
 * buckets at first.
 */
#define NR_OWNERS	3000
#define NR_TASKS	4

/* What the tasks share with the test. */
struct crowd {
	struct gate begin;
	struct gate arrived;
	struct gate leave;
};

FIXTURE(crowd)
{
	struct crowd *crowd;
	pid_t tasks[NR_TASKS];
};

FIXTURE_SETUP(crowd)
{
	ASSERT_EQ(0, full_ex_load());
	self->crowd = shared_alloc(sizeof(*self->crowd));
	ASSERT_NE(NULL, self->crowd);
	ASSERT_EQ(0, gate_init(&self->crowd->begin));
	ASSERT_EQ(0, gate_init(&self->crowd->arrived));
	ASSERT_EQ(0, gate_init(&self->crowd->leave));
}

FIXTURE_TEARDOWN(crowd)
{
	gate_destroy(&self->crowd->begin);
	gate_destroy(&self->crowd->arrived);
	gate_destroy(&self->crowd->leave);
	shared_free(self->crowd, sizeof(*self->crowd));
}

static int open_and_end(void *arg)
{
	int *fd = arg;

	*fd = full_ex_open_sized(1);
	return *fd < 0 ? *fd : 0;
}

/*
 * Pushes a different value to each open file, and then must pop that value
 * there: each file has a different owner and a deque of its own.
 */
static int use_all(const int *fds, int nr)
{
	int i, value;

	for (i = 0; i < nr; i++) {
		if (full_ex_push(fds[i], i) != sizeof(i))
			return -EIO;
	}
	for (i = 0; i < nr; i++) {
		if (full_ex_pop(fds[i], &value) != sizeof(i) || value != i)
			return -ERANGE;
	}
	return 0;
}

static int gather(void *arg)
{
	const struct rlimit limit = { NR_OWNERS, NR_OWNERS };
	static int fds[NR_OWNERS / NR_TASKS];
	const int nr = NR_OWNERS / NR_TASKS;
	struct crowd *crowd = arg;
	int i, err;

	if (setrlimit(RLIMIT_NOFILE, &limit))
		return -errno;
	if (gate_wait(&crowd->begin) != 1)
		return -EIO;
	for (i = 0; i < nr; i++) {
		if (task_run_sharing(open_and_end, &fds[i]) < 0)
			return -ECHILD;
		if (fds[i] < 0)
			return fds[i];
	}
	err = use_all(fds, nr);
	if (err)
		return err;

	gate_open(&crowd->arrived);
	return gate_wait(&crowd->leave) == 1 ? 0 : -EIO;
}

static void start_all(struct __test_metadata *_metadata,
		      FIXTURE_DATA(crowd) * self)
{
	int i;

	for (i = 0; i < NR_TASKS; i++)
		self->tasks[i] = task_start(gather, self->crowd);
	for (i = 0; i < NR_TASKS; i++)
		gate_open(&self->crowd->begin);
	for (i = 0; i < NR_TASKS; i++)
		ASSERT_EQ(1, gate_wait(&self->crowd->arrived));
}

TEST_F(crowd, every_owner_has_a_file_and_all_go_by_exit)
{
	int i, fd;

	start_all(_metadata, self);
	for (i = 0; i < NR_TASKS; i++)
		gate_open(&self->crowd->leave);
	for (i = 0; i < NR_TASKS; i++)
		EXPECT_EQ(0, task_wait(self->tasks[i]));

	fd = full_ex_open_sized(1);
	EXPECT_LE(0, fd);
	close(fd);
	EXPECT_EQ(0, module_unload("full_ex"));
}

TEST_F(crowd, all_go_when_their_tasks_are_killed)
{
	int i;

	start_all(_metadata, self);
	for (i = 0; i < NR_TASKS; i++)
		ASSERT_EQ(0, kill(self->tasks[i], SIGKILL));
	for (i = 0; i < NR_TASKS; i++)
		EXPECT_EQ(SIGKILL, task_wait(self->tasks[i]));
	EXPECT_EQ(0, module_unload("full_ex"));
}

TEST_F(crowd, unloading_releases_all)
{
	int i;

	start_all(_metadata, self);
	EXPECT_EQ(0, module_unload("full_ex"));
	for (i = 0; i < NR_TASKS; i++)
		gate_open(&self->crowd->leave);
	for (i = 0; i < NR_TASKS; i++)
		EXPECT_EQ(0, task_wait(self->tasks[i]));
}

TEST_HARNESS_MAIN
