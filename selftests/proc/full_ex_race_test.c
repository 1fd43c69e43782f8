// SPDX-License-Identifier: GPL-2.0
/*
 * Full example - many tasks that use /proc/full_ex at the same time
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

#include "full_ex.h"
#include "lib/shared.h"
#include "lib/sysret.h"
#include "lib/task.h"

#define NR_TASKS	4
#define NR_VALUES	2000
#define NR_ROUNDS	1000
#define CAPACITY	3

/*
 * One of the tasks that share an open file.  Each task counts in .seen how
 * often it has popped each value.
 */
struct worker {
	int fd;
	int nr;
	bool at_offset;
	unsigned char *seen;
};

/*
 * Two threads that wait for each other before and after each attempt to open
 * the file.
 */
struct race {
	int nr_meetings;
	int nr_wins;
};

/*
 * Pushes a value by write() or pwrite().  The kernel serialises read() and
 * write() of an open file, but not pread() and pwrite().
 */
static long worker_push(const struct worker *worker, int value)
{
	if (!worker->at_offset)
		return full_ex_push(worker->fd, value);
	return sysret(pwrite(worker->fd, &value, sizeof(value), value));
}

static long worker_pop(const struct worker *worker)
{
	int value;
	long ret;

	if (worker->at_offset)
		ret = sysret(pread(worker->fd, &value, sizeof(value), 0));
	else
		ret = full_ex_pop(worker->fd, &value);
	if (ret < 0)
		return ret;
	if (value < 0 || value >= NR_TASKS * NR_VALUES)
		return -ERANGE;

	__atomic_fetch_add(&worker->seen[value], 1, __ATOMIC_RELAXED);
	return ret;
}

/* Pushes values that no other task pushes; pops one if the deque is full. */
static int work(void *arg)
{
	const struct worker *worker = arg;
	int value = worker->nr;
	long ret;

	while (value < NR_TASKS * NR_VALUES) {
		ret = worker_push(worker, value);
		if (ret == sizeof(value))
			value += NR_TASKS;
		if (ret == -EACCES)
			ret = worker_pop(worker);
		if (ret != sizeof(value) && ret != -EACCES)
			return ret < 0 ? ret : -EIO;
	}
	return 0;
}

/* Returns the first value that has not been popped exactly once, or -1. */
static int find_miscounted(const unsigned char *seen)
{
	int value;

	for (value = 0; value < NR_TASKS * NR_VALUES; value++) {
		if (seen[value] != 1)
			return value;
	}
	return -1;
}

/*
 * Waits until both threads have called this function @nth times.  Spins,
 * because to wake a sleeping thread would take longer than the race that is
 * tested.
 */
static void meet(struct race *race, int nth)
{
	__atomic_add_fetch(&race->nr_meetings, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&race->nr_meetings, __ATOMIC_SEQ_CST) < 2 * nth)
		sched_yield();
}

/*
 * In each round, both threads meet, try to open the file, and meet again.  Then
 * the one that succeeded closes the file.
 */
static void *race_to_open(void *arg)
{
	struct race *race = arg;
	int i, fd;

	for (i = 0; i < NR_ROUNDS; i++) {
		meet(race, 2 * i + 1);
		fd = full_ex_open();
		meet(race, 2 * i + 2);
		if (fd < 0)
			continue;
		__atomic_add_fetch(&race->nr_wins, 1, __ATOMIC_SEQ_CST);
		close(fd);
	}
	return NULL;
}

/* An open file, shared by all tasks. */
FIXTURE(shared)
{
	struct worker workers[NR_TASKS];
	unsigned char *seen;
	int fd;
};

FIXTURE_SETUP(shared)
{
	int i;

	self->seen = shared_alloc(NR_TASKS * NR_VALUES);
	ASSERT_NE(NULL, self->seen);
	ASSERT_EQ(0, full_ex_load());
	self->fd = full_ex_open_sized(CAPACITY);
	ASSERT_LE(0, self->fd);

	for (i = 0; i < NR_TASKS; i++) {
		self->workers[i] = (struct worker){
			.fd = self->fd,
			.nr = i,
			.at_offset = i != 0,
			.seen = self->seen,
		};
	}
}

FIXTURE_TEARDOWN(shared)
{
	close(self->fd);
	shared_free(self->seen, NR_TASKS * NR_VALUES);
}

/* FULLEX-10 */
TEST_F(shared, every_value_is_popped_once)
{
	pid_t child[NR_TASKS];
	int i;

	for (i = 0; i < NR_TASKS; i++) {
		child[i] = task_start(work, &self->workers[i]);
		ASSERT_LT(0, child[i]);
	}
	for (i = 0; i < NR_TASKS; i++)
		EXPECT_EQ(0, task_wait(child[i]));
	while (worker_pop(&self->workers[0]) == 4)
		continue;

	EXPECT_EQ(-1, find_miscounted(self->seen));
}

FIXTURE(race)
{
	struct race race;
};

FIXTURE_SETUP(race)
{
	ASSERT_EQ(0, full_ex_load());
}

FIXTURE_TEARDOWN(race)
{
}

/* FULLEX-4 */
TEST_F(race, one_of_two_threads_can_open)
{
	pthread_t thread;

	ASSERT_EQ(0, pthread_create(&thread, NULL, race_to_open, &self->race));
	race_to_open(&self->race);
	ASSERT_EQ(0, pthread_join(thread, NULL));

	EXPECT_EQ(NR_ROUNDS, self->race.nr_wins);
}

TEST_HARNESS_MAIN
