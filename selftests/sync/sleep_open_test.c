// SPDX-License-Identifier: GPL-2.0
/*
 * Sleep - opens of /proc/sleep that wait while it is busy, and their order
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/await.h"
#include "lib/file.h"
#include "lib/gate.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "sleep.h"
#include "sleep_holder.h"

#define NR_VISITS	25
#define WATCH_MS	100
/* The most processor time that a waiting task may use: WATCH_MS / 1000. */
#define WATCH_MAX_NS	(WATCH_MS * 1000)

struct visitor {
	struct sleep_holder_crowd *crowd;
	int nr;
};

static int open_and_stay_as_nobody(void *arg)
{
	int err = task_become_nobody();

	return err ? err : sleep_holder_open_and_stay(arg);
}

/*
 * Opens the file, records the visitor, and closes the file.  Returns -EBUSY if
 * another task has it open at the same time.
 */
static int visit(void *arg)
{
	struct visitor *visitor = arg;
	struct sleep_holder_crowd *crowd = visitor->crowd;
	int fd = sleep_open(0);
	int nr_inside;

	if (fd < 0)
		return fd;

	nr_inside = __atomic_add_fetch(&crowd->nr_inside, 1, __ATOMIC_SEQ_CST);
	crowd->order[crowd->nr_visits++ % BUSY_NR_WAITERS] = visitor->nr;
	sched_yield();
	__atomic_sub_fetch(&crowd->nr_inside, 1, __ATOMIC_SEQ_CST);
	close(fd);
	return nr_inside == 1 ? 0 : -EBUSY;
}

static int visit_often(void *arg)
{
	int err = 0;
	int i;

	for (i = 0; !err && i < NR_VISITS; i++)
		err = visit(arg);
	return err;
}

static long cpu_time_ns(pid_t pid)
{
	struct timespec used;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &used))
		return -1;
	return used.tv_sec * 1000000000 + used.tv_nsec;
}

/* Returns how often the task has slept, or -1. */
static long nr_sleeps(pid_t pid)
{
	static const char word[] = "\nvoluntary_ctxt_switches:";
	char status[4096];
	char path[32];
	char *found;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if (file_read(path, status, sizeof(status)) < 0)
		return -1;
	found = strstr(status, word);
	return found ? strtol(found + strlen(word), NULL, 10) : -1;
}

TEST_F(busy, nonblocking_open_returns_eagain_until_the_close)
{
	EXPECT_EQ(-EAGAIN, sleep_open(O_NONBLOCK));
	EXPECT_EQ(-EAGAIN, sysret(open(SLEEP, O_WRONLY | O_NONBLOCK)));
	EXPECT_EQ(-EAGAIN, sysret(open(SLEEP, O_RDWR | O_NONBLOCK)));

	close(self->fd);
	EXPECT_FREE();
	EXPECT_FREE();
}

TEST_F(busy, nonblocking_holder_is_a_holder)
{
	close(self->fd);
	self->fd = sleep_open(O_NONBLOCK);
	ASSERT_LE(0, self->fd);

	EXPECT_EQ(-EAGAIN, sleep_open(O_NONBLOCK));
}

TEST_F(busy, second_open_sleeps_until_the_close)
{
	pid_t child = sleep_holder_start_waiter(_metadata, self->fd);

	EXPECT_EQ(-EAGAIN, sleep_open(O_NONBLOCK));
	EXPECT_TRUE(sleep_is_in_open(child));
	close(self->fd);
	EXPECT_EQ(0, await_task(child));
	EXPECT_FREE();
}

/* SLEEP-1 */
TEST_F(busy, waiter_takes_no_time_of_a_processor)
{
	pid_t child = sleep_holder_start_waiter(_metadata, self->fd);
	long used = cpu_time_ns(child);

	ASSERT_LE(0, used);
	poll(NULL, 0, WATCH_MS);
	used = cpu_time_ns(child) - used;

	EXPECT_LE(0, used);
	EXPECT_GT(WATCH_MAX_NS, used);
	close(self->fd);
	EXPECT_EQ(0, await_task(child));
}

TEST_F(busy, close_wakes_one_of_two)
{
	pid_t first = sleep_holder_start(_metadata, self->fd, sleep_holder_open_and_stay,
				   self->crowd);
	pid_t second = sleep_holder_start_waiter(_metadata, self->fd);
	long nr = nr_sleeps(second);

	close(self->fd);
	ASSERT_EQ(1, gate_wait(&self->crowd->arrived));
	EXPECT_TRUE(sleep_is_in_open(second));
	EXPECT_LT(0, nr);
	EXPECT_EQ(nr, nr_sleeps(second));

	gate_open(&self->crowd->leave);
	EXPECT_EQ(0, await_task(first));
	EXPECT_EQ(0, await_task(second));
}

TEST_F(busy, waiters_get_in_one_by_one_in_the_order_of_coming)
{
	struct visitor visitor = { .crowd = self->crowd };
	pid_t children[BUSY_NR_WAITERS];
	int i;

	for (i = 0; i < BUSY_NR_WAITERS; i++) {
		visitor.nr = i;
		children[i] = sleep_holder_start(_metadata, self->fd, visit, &visitor);
	}
	close(self->fd);

	for (i = 0; i < BUSY_NR_WAITERS; i++)
		EXPECT_EQ(0, await_task(children[i]));
	EXPECT_EQ(BUSY_NR_WAITERS, self->crowd->nr_visits);
	for (i = 0; i < BUSY_NR_WAITERS; i++)
		EXPECT_EQ(i, self->crowd->order[i]);
}

TEST_F(busy, all_of_a_crowd_get_in_as_often_as_they_want)
{
	struct visitor visitor = { .crowd = self->crowd };
	pid_t children[BUSY_NR_WAITERS];
	int i;

	for (i = 0; i < BUSY_NR_WAITERS; i++)
		children[i] = sleep_holder_start(_metadata, self->fd, visit_often,
						 &visitor);
	close(self->fd);

	for (i = 0; i < BUSY_NR_WAITERS; i++)
		EXPECT_EQ(0, await_task(children[i]));
	EXPECT_EQ(BUSY_NR_WAITERS * NR_VISITS, self->crowd->nr_visits);
}

/* SLEEP-11 */
TEST_F(busy, nobody_may_keep_root_waiting)
{
	pid_t nobody = sleep_holder_start(_metadata, self->fd,
				  open_and_stay_as_nobody, self->crowd);
	pid_t child;

	close(self->fd);
	ASSERT_EQ(1, gate_wait(&self->crowd->arrived));
	EXPECT_EQ(-EAGAIN, sleep_open(O_NONBLOCK));
	child = sleep_holder_start_waiter(_metadata, -1);

	gate_open(&self->crowd->leave);
	EXPECT_EQ(0, await_task(nobody));
	EXPECT_EQ(0, await_task(child));
}

TEST_HARNESS_MAIN
