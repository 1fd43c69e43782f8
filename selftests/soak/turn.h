/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Turn - a lock that some tasks take shared, and one task exclusively
 *
 * Each task that shares it has a semaphore of its own, its place.  A task that
 * takes all places takes the door first, so that no task that has left its
 * place takes it again.  The locks of the C library cannot be used: the library
 * does not know that a task of task.h is a child, and takes one task for
 * another.
 */
#ifndef _SELFTESTS_SOAK_TURN_H
#define _SELFTESTS_SOAK_TURN_H

#include <errno.h>
#include <semaphore.h>
#include <time.h>

#define TURN_NR_PLACES	4

struct turn {
	sem_t door;
	sem_t places[TURN_NR_PLACES];
};

/* @turn must be in memory that the tasks share. */
static inline void turn_init(struct turn *turn)
{
	int i;

	sem_init(&turn->door, 1, 1);
	for (i = 0; i < TURN_NR_PLACES; i++)
		sem_init(&turn->places[i], 1, 1);
}

static inline void turn_await(sem_t *sem)
{
	while (sem_wait(sem) && errno == EINTR)
		continue;
}

static inline void turn_share(struct turn *turn, int place)
{
	turn_await(&turn->door);
	sem_post(&turn->door);
	turn_await(&turn->places[place]);
}

static inline void turn_unshare(struct turn *turn, int place)
{
	sem_post(&turn->places[place]);
}

/* Releases @nr places, and the door. */
static inline void turn_give(struct turn *turn, int nr)
{
	while (nr--)
		sem_post(&turn->places[nr]);
	sem_post(&turn->door);
}

/* Takes all places; returns 0, or an error if that takes too long. */
static inline int turn_take(struct turn *turn, int seconds)
{
	struct timespec end;
	int err;
	int i;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += seconds;
	turn_await(&turn->door);
	for (i = 0; i < TURN_NR_PLACES; i++) {
		if (sem_timedwait(&turn->places[i], &end)) {
			err = -errno;
			turn_give(turn, i);
			return err;
		}
	}
	return 0;
}

#endif /* _SELFTESTS_SOAK_TURN_H */
