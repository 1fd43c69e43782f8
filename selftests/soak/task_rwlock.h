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
#ifndef _SELFTESTS_SOAK_TASK_RWLOCK_H
#define _SELFTESTS_SOAK_TASK_RWLOCK_H

#include <errno.h>
#include <semaphore.h>
#include <time.h>

#define TASK_RWLOCK_NR_PLACES	4

struct task_rwlock {
	sem_t door;
	sem_t places[TASK_RWLOCK_NR_PLACES];
};

/* @lock must be in memory that the tasks share. */
static inline void task_rwlock_init(struct task_rwlock *lock)
{
	int i;

	sem_init(&lock->door, 1, 1);
	for (i = 0; i < TASK_RWLOCK_NR_PLACES; i++)
		sem_init(&lock->places[i], 1, 1);
}

static inline void task_rwlock_await(sem_t *sem)
{
	while (sem_wait(sem) && errno == EINTR)
		continue;
}

static inline void task_rwlock_share(struct task_rwlock *lock, int place)
{
	task_rwlock_await(&lock->door);
	sem_post(&lock->door);
	task_rwlock_await(&lock->places[place]);
}

static inline void task_rwlock_unshare(struct task_rwlock *lock, int place)
{
	sem_post(&lock->places[place]);
}

/* Releases @nr places, and the door. */
static inline void task_rwlock_give(struct task_rwlock *lock, int nr)
{
	while (nr--)
		sem_post(&lock->places[nr]);
	sem_post(&lock->door);
}

/* Takes all places; returns 0, or an error if that takes too long. */
static inline int task_rwlock_take(struct task_rwlock *lock, int seconds)
{
	struct timespec end;
	int err;
	int i;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += seconds;
	task_rwlock_await(&lock->door);
	for (i = 0; i < TASK_RWLOCK_NR_PLACES; i++) {
		if (sem_timedwait(&lock->places[i], &end)) {
			err = -errno;
			task_rwlock_give(lock, i);
			return err;
		}
	}
	return 0;
}

#endif /* _SELFTESTS_SOAK_TASK_RWLOCK_H */
