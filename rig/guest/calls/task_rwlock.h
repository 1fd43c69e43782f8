/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Task rwlock - a lock that several tasks share, or one task takes exclusively
 *
 * Each task that shares the lock has a semaphore of its own, its place.  A task
 * that takes the lock exclusively first takes the semaphore door, so that no
 * other task can take its place again, and then all places.  The locks of the C
 * library cannot be used: the library does not know that a task of task.h is a
 * child process, and takes one task for another.
 */
#ifndef RIG_TASK_RWLOCK_H
#define RIG_TASK_RWLOCK_H

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

/* Releases the first @nr places, and the door. */
static inline void task_rwlock_give(struct task_rwlock *lock, int nr)
{
	while (nr--)
		sem_post(&lock->places[nr]);
	sem_post(&lock->door);
}

/* Takes the lock exclusively.  Returns 0, or an error after @seconds. */
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

#endif /* RIG_TASK_RWLOCK_H */
