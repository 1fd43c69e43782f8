/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Task - a process or thread that runs one function and reports a number
 *
 * The function returns 0 or a negative errno, which task_wait() returns.  If a
 * signal has killed a process, task_wait() returns the number of the signal.  A
 * process is killed when its parent ends.
 */
#ifndef _SELFTESTS_LIB_TASK_H
#define _SELFTESTS_LIB_TASK_H

#include <errno.h>
#include <grp.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sysret.h"

#define TASK_NOBODY	65534

/*
 * Starts a process by clone3() with @flags.  Its pid is @pid if that is not 0.
 */
static inline pid_t task_clone(unsigned long long flags, pid_t pid,
			       int (*fn)(void *arg), void *arg)
{
	struct clone_args args = { .flags = flags, .exit_signal = SIGCHLD };
	pid_t child;

	if (pid) {
		args.set_tid = (uintptr_t)&pid;
		args.set_tid_size = 1;
	}
	child = sysret(syscall(SYS_clone3, &args, sizeof(args)));
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(-fn(arg));
	}
	return child;
}

static inline pid_t task_start(int (*fn)(void *arg), void *arg)
{
	return task_clone(0, 0, fn, arg);
}

static inline int task_wait(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child)
		return -errno;
	if (WIFSIGNALED(status))
		return WTERMSIG(status);
	return -WEXITSTATUS(status);
}

static inline int task_run(int (*fn)(void *arg), void *arg)
{
	return task_wait(task_start(fn, arg));
}

/*
 * Runs a function in a process that shares memory and descriptors with this
 * one, and waits until that process ends.  Returns the pid that it had, or a
 * negative errno.
 */
static inline pid_t task_run_sharing(int (*fn)(void *arg), void *arg)
{
	static max_align_t stack[1024];
	const int nr = sizeof(stack) / sizeof(*stack);
	pid_t child;

	child = sysret(clone(fn, stack + nr,
			     CLONE_VM | CLONE_FILES | CLONE_VFORK | SIGCHLD,
			     arg));
	if (child > 0)
		task_wait(child);
	return child;
}

/* Runs a function in a thread of this process, and returns its result. */
static inline intptr_t task_run_thread(void *(*fn)(void *arg), void *arg)
{
	pthread_t thread;
	void *ret;
	int err;

	err = pthread_create(&thread, NULL, fn, arg);
	if (!err)
		err = pthread_join(thread, &ret);
	return err ? -err : (intptr_t)ret;
}

/* Drops all privileges irrevocably. */
static inline int task_become_nobody(void)
{
	if (setgroups(0, NULL) || setgid(TASK_NOBODY) || setuid(TASK_NOBODY))
		return -errno;
	return 0;
}

#endif /* _SELFTESTS_LIB_TASK_H */
