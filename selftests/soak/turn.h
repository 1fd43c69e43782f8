/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Turn - what some tasks share, and one of them takes for itself now and then
 *
 * Each task has a place of its own.  Who takes all of them closes the door first,
 * so that nobody who has left comes back.  The locks of the C library take one
 * task of task.h for another, since it does not know that it is a child.
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

/* In memory that the tasks share. */
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

/* Gives back so many places, and opens the door. */
static inline void turn_give(struct turn *turn, int nr)
{
	while (nr--)
		sem_post(&turn->places[nr]);
	sem_post(&turn->door);
}

/* Gives 0 once there is nobody else, or an error if that takes too long. */
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
