/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Soak - unloads and loads a module while several tasks use its files
 *
 * A task works in rounds.  In each round it takes the lock of task_rwlock.h
 * shared, and opens and closes all its files.  A task that takes the lock
 * exclusively knows that no file is open.  What a task does in a step depends
 * only on the seed, the module, the number of the task and the number of the
 * step.  The number of the step is in the task's name, so that a report of the
 * kernel shows it, too.
 */
#ifndef _SELFTESTS_SOAK_SOAK_H
#define _SELFTESTS_SOAK_SOAK_H

#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "calls/calls.h"
#include "calls/prng.h"
#include "calls/task_rwlock.h"
#include "lib/description.h"
#include "lib/gate.h"
#include "lib/sysret.h"
#include "lib/task.h"

#define SOAK_NR_TASKS		TASK_RWLOCK_NR_PLACES
#define SOAK_MAX_PATH		96

/* The test itself, which loads and unloads the module, has this number. */
#define SOAK_LOADER		SOAK_NR_TASKS

struct soak;

/* The number of kernel settings that the test changes and restores. */
#define SOAK_NR_SETTINGS	3

FIXTURE(soak)
{
	struct soak *soak;
	char settings[SOAK_NR_SETTINGS][256];
	int file;
};

FIXTURE_VARIANT(soak)
{
	const struct module_description *of;
};

#undef IN_SOAK
#define IN_SOAK(id)							\
	DESCRIBED(soak, id, .of = &id##_module)

/* The first call that returned a result which no call may return. */
struct soak_wrong {
	bool is_there;
	int task;
	__u64 step;
	const char *call;
	long ret;
};

struct soak_task {
	struct soak *soak;
	int nr;
	pid_t pid;
	__u64 step;
	void (*round)(struct soak_task *task);
};

/* What the tasks share with the test. */
struct soak {
	const struct module_description *of;
	struct described_node nodes[DESCRIPTION_MAX_NODES + 1];
	char paths[DESCRIPTION_MAX_NODES + 1][SOAK_MAX_PATH];
	long nr_found[DESCRIPTION_MAX_NODES + 1];
	int nr_nodes;
	__u64 seed;
	struct task_rwlock lock;
	struct gate begin;
	bool is_over;
	struct soak_wrong wrong;
	struct soak_task tasks[SOAK_NR_TASKS];
};

/*
 * The errors that a call may return.  All others are wrong, such as -ENOSYS,
 * and errors that are internal to the kernel.
 */
static const int soak_answers[] = {
	E2BIG, EACCES, EAGAIN, EBADF, EBUSY, EEXIST, EFAULT, EFBIG, EINTR, EINVAL,
	EIO, EISDIR, EMFILE, ENOBUFS, ENODEV, ENOENT, ENOMEM, ENOSPC, ENOTDIR,
	ENOTTY, ENXIO, EOPNOTSUPP, EOVERFLOW, EPERM, EPIPE, ERANGE, EROFS, ESPIPE,
	ETIMEDOUT, ETXTBSY,
};

static inline bool soak_is_answer(long ret)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(soak_answers); i++) {
		if (ret == -soak_answers[i])
			return true;
	}
	return ret >= 0;
}

static inline bool soak_is_over(const struct soak *soak)
{
	return __atomic_load_n(&soak->is_over, __ATOMIC_RELAXED);
}

static inline void soak_end(struct soak *soak)
{
	__atomic_store_n(&soak->is_over, true, __ATOMIC_RELAXED);
}

static inline void soak_complain(struct soak_task *task, const char *call,
				 long ret)
{
	struct soak_wrong *wrong = &task->soak->wrong;

	if (__atomic_exchange_n(&wrong->is_there, true, __ATOMIC_ACQ_REL))
		return;
	wrong->task = task->nr;
	wrong->step = task->step;
	wrong->call = call;
	wrong->ret = ret;
	soak_end(task->soak);
}

/* Checks the result of a call, and returns it. */
static inline long soak_look(struct soak_task *task, const char *call, long ret)
{
	if (!soak_is_answer(ret))
		soak_complain(task, call, ret);
	return ret;
}

/*
 * Returns which call returned a wrong result, or "".  The caller calls this
 * after the tasks have ended.
 */
static inline const char *soak_wrong(const struct soak *soak)
{
	const struct soak_wrong *wrong = &soak->wrong;
	static char text[160];

	if (!wrong->is_there)
		return "";
	snprintf(text, sizeof(text),
		 "%s gave %ld in step %llu of task %d: SEED=%llu MODULE=%s",
		 wrong->call, wrong->ret, wrong->step, wrong->task, soak->seed,
		 soak->of->module);
	return text;
}

/*
 * Begins the next step of a task.  Returns the generator of its random numbers.
 */
static inline struct prng soak_step(struct soak_task *task)
{
	struct soak *soak = task->soak;
	char name[32];

	task->step++;
	snprintf(name, sizeof(name), "%d#%llu", task->nr, task->step);
	prctl(PR_SET_NAME, name);
	return prng_of_step(soak->seed, soak->of->module, task->nr,
			      task->step);
}

/* Returns a random entry of a node's texts, which may be NULL. */
static inline const char *soak_text(const struct soak *soak, int node,
				    struct prng *prng)
{
	return soak->nodes[node].texts[prng_below(prng, DESCRIPTION_MAX_TEXTS)];
}

/* Returns a random entry of the module's ioctls, which may be 0. */
static inline unsigned long soak_ioctl(const struct soak *soak,
				       struct prng *prng)
{
	return soak->of->soak.ioctls[prng_below(prng, DESCRIPTION_MAX_IOCTLS)];
}

/* Opens a node.  If the node exists, counts it as found. */
static inline int soak_open(struct soak_task *task, int node, int flags)
{
	struct soak *soak = task->soak;
	int fd = sysret(open(soak->paths[node], flags | O_CLOEXEC));

	if (fd != -ENOENT && fd != -ENODEV && fd != -ENXIO)
		__atomic_fetch_add(&soak->nr_found[node], 1, __ATOMIC_RELAXED);
	return soak_look(task, "open", fd);
}

static inline int soak_work(void *arg)
{
	struct soak_task *task = arg;
	struct soak *soak = task->soak;
	int err = calls_tick();

	while (!err && gate_wait(&soak->begin) != 1)
		continue;
	while (!err && !soak_is_over(soak)) {
		task_rwlock_share(&soak->lock, task->nr);
		task->round(task);
		task_rwlock_unshare(&soak->lock, task->nr);
	}
	return err;
}

#endif /* _SELFTESTS_SOAK_SOAK_H */
