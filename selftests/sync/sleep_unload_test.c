// SPDX-License-Identifier: GPL-2.0
/*
 * Sleep - unloads of the module while /proc/sleep is open and tasks wait for it
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <stdbool.h>
#include <unistd.h>

#include "lib/await.h"
#include "lib/gate.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "lib/timeout.h"
#include "sleep.h"
#include "sleep_holder.h"
#include "suites/unload_open.h"

#include "sleep_module.h"

#define NR_WAITERS	3
#define NR_TASKS	2
#define NR_LOADS	100
#define UNLOAD_MS	1000

static int unload_sleep(void *arg)
{
	return module_unload("sleep");
}

static int reload_sleep(void *arg)
{
	int err = module_unload("sleep");

	return err ? err : module_load("sleep", "");
}

/*
 * Tries to open the file.  Returns 0 if it succeeds, or if the file is busy or
 * does not exist.
 */
static int try_to_open(void)
{
	int fd = sleep_open(O_NONBLOCK);

	if (fd >= 0)
		return sysret(close(fd));
	return fd == -EAGAIN || fd == -ENOENT ? 0 : fd;
}

static int try_until_over(void *arg)
{
	struct sleep_holder_crowd *crowd = arg;
	int err = 0;

	gate_open(&crowd->arrived);
	while (!err && !__atomic_load_n(&crowd->is_over, __ATOMIC_RELAXED))
		err = try_to_open();
	return err;
}

/*
 * Calls @fn in a child and waits for it with a timeout.  A task that hangs in
 * an unload cannot be killed, so on timeout this closes the file, which lets
 * the unload end.
 */
static void expect_in_time(struct __test_metadata *_metadata, int *fd,
			   int (*fn)(void *arg))
{
	pid_t child = sleep_start(*fd, fn, NULL);

	ASSERT_LT(0, child);
	EXPECT_TRUE(await_end(child, slow(UNLOAD_MS))) {
		close(*fd);
		*fd = -1;
	}
	EXPECT_EQ(0, task_wait(child));
}

/* SLEEP-9 */
TEST_F(busy, unload_sends_a_waiter_away)
{
	pid_t child = sleep_holder_start_waiter(_metadata, self->fd);

	expect_in_time(_metadata, &self->fd, unload_sleep);

	EXPECT_EQ(-ENOENT, await_task(child));
	EXPECT_EQ(-ENOENT, sleep_open(0));
}

/* SLEEP-9 */
TEST_F(busy, unload_sends_all_waiters_away)
{
	pid_t children[NR_WAITERS];
	int i;

	for (i = 0; i < NR_WAITERS; i++)
		children[i] = sleep_holder_start_waiter(_metadata, self->fd);

	expect_in_time(_metadata, &self->fd, unload_sleep);

	for (i = 0; i < NR_WAITERS; i++)
		EXPECT_EQ(-ENOENT, await_task(children[i]));
}

/* SLEEP-9 */
TEST_F(busy, holder_is_left_with_a_dead_file)
{
	pid_t child = sleep_holder_start_waiter(_metadata, self->fd);
	char byte = 'x';

	expect_in_time(_metadata, &self->fd, unload_sleep);

	EXPECT_EQ(-EIO, sysret(read(self->fd, &byte, 1)));
	EXPECT_EQ('x', byte);
	EXPECT_EQ(0, close(self->fd));
	EXPECT_EQ(-ENOENT, await_task(child));
}

/* SLEEP-9 */
TEST_F(busy, next_load_has_a_file_that_is_free)
{
	pid_t child = sleep_holder_start_waiter(_metadata, self->fd);
	int fd;

	expect_in_time(_metadata, &self->fd, reload_sleep);
	EXPECT_EQ(-ENOENT, await_task(child));

	fd = sleep_open(O_NONBLOCK);
	EXPECT_LE(0, fd);
	child = sleep_holder_start_waiter(_metadata, fd);
	EXPECT_EQ(0, close(self->fd));
	EXPECT_TRUE(sleep_is_in_open(child));
	EXPECT_EQ(0, close(fd));
	EXPECT_EQ(0, await_task(child));
}

/* SLEEP-9 */
TEST_F(busy, and_load_again_and_again_while_tasks_try_to_open)
{
	pid_t tasks[NR_TASKS];
	int i;

	for (i = 0; i < NR_TASKS; i++) {
		tasks[i] = sleep_start(self->fd, try_until_over, self->crowd);
		ASSERT_LT(0, tasks[i]);
		ASSERT_EQ(1, gate_wait(&self->crowd->arrived));
	}
	close(self->fd);

	for (i = 0; i < NR_LOADS; i++)
		ASSERT_EQ(0, reload_sleep(NULL));
	__atomic_store_n(&self->crowd->is_over, true, __ATOMIC_RELAXED);

	for (i = 0; i < NR_TASKS; i++)
		EXPECT_EQ(0, await_task(tasks[i]));
}

TEST_HARNESS_MAIN
