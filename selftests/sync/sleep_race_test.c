// SPDX-License-Identifier: GPL-2.0
/*
 * Sleep - threads that open /proc/sleep at the same time with O_NONBLOCK
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <unistd.h>

#include "lib/module.h"
#include "sleep.h"

#define NR_RACERS	2
#define NR_ROUNDS	1000
#define NR_THREADS	8
#define NR_TRIES	200
#define TIMEOUT_S	15

/*
 * What the threads share.  Two of them meet: each waits until the other has
 * called meet(), too.
 */
struct race {
	int nr_meetings;
	int nr_wins;
	int nr_inside;
};

/*
 * Waits until all racers have called this function @nth times.  Spins, because
 * to wake a sleeping thread would take longer than the race that is tested.
 */
static void meet(struct race *race, int nth)
{
	__atomic_add_fetch(&race->nr_meetings, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&race->nr_meetings, __ATOMIC_SEQ_CST) <
	       NR_RACERS * nth)
		sched_yield();
}

/*
 * In each round, both threads meet, try to open the file, and meet again.  Then
 * the one that succeeded closes the file.  If the other waited in open(), both
 * would wait for ever, because the one that succeeded waits to meet the other.
 */
static void *race_to_open(void *arg)
{
	struct race *race = arg;
	intptr_t err = 0;
	int i, fd;

	for (i = 0; i < NR_ROUNDS; i++) {
		meet(race, 2 * i + 1);
		fd = sleep_open(O_NONBLOCK);
		meet(race, 2 * i + 2);
		if (fd < 0) {
			err = fd == -EAGAIN ? err : fd;
			continue;
		}
		__atomic_add_fetch(&race->nr_wins, 1, __ATOMIC_SEQ_CST);
		close(fd);
	}
	return (void *)err;
}

/*
 * Opens and closes the file repeatedly.  Returns -EBUSY if another thread has
 * the file open at the same time.
 */
static void *try_to_be_alone(void *arg)
{
	struct race *race = arg;
	intptr_t err = 0;
	int i, fd;

	for (i = 0; i < NR_TRIES && !err; i++) {
		fd = sleep_open(O_NONBLOCK);
		if (fd == -EAGAIN)
			continue;
		if (fd < 0)
			return (void *)(intptr_t)fd;
		if (__atomic_add_fetch(&race->nr_inside, 1,
				       __ATOMIC_SEQ_CST) != 1)
			err = -EBUSY;
		__atomic_sub_fetch(&race->nr_inside, 1, __ATOMIC_SEQ_CST);
		close(fd);
	}
	return (void *)err;
}

FIXTURE(sleep_race)
{
	struct race race;
};

FIXTURE_SETUP(sleep_race)
{
	ASSERT_EQ(0, module_reload("sleep", ""));
}

FIXTURE_TEARDOWN(sleep_race)
{
	EXPECT_EQ(0, module_unload("sleep"));
}

static void run_threads(struct __test_metadata *_metadata, int nr,
			void *(*fn)(void *arg), struct race *race)
{
	pthread_t threads[NR_THREADS];
	void *err;
	int i;

	for (i = 0; i < nr; i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, fn, race));
	for (i = 0; i < nr; i++) {
		ASSERT_EQ(0, pthread_join(threads[i], &err));
		EXPECT_EQ(NULL, err);
	}
}

/* SLEEP-6 */
TEST_F_TIMEOUT(sleep_race, has_one_winner_a_round_and_nobody_waits, TIMEOUT_S)
{
	run_threads(_metadata, NR_RACERS, race_to_open, &self->race);
	EXPECT_EQ(NR_ROUNDS, self->race.nr_wins);
}

/* SLEEP-6 */
TEST_F(sleep_race, lets_no_two_of_a_crowd_in)
{
	run_threads(_metadata, NR_THREADS, try_to_be_alone, &self->race);
}

TEST_HARNESS_MAIN
