/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Await - a wait, with a timeout, for a task's state or a child's exit
 *
 * The state of a task is polled in /proc, since the kernel does not notify of a
 * change there.
 */
#ifndef _SELFTESTS_LIB_AWAIT_H
#define _SELFTESTS_LIB_AWAIT_H

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "task.h"
#include "timeout.h"

#define AWAIT_LIMIT_MS	3000

static inline long await_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Polls until @is_true(@pid) returns true; returns false on timeout. */
static inline bool await(bool (*is_true)(pid_t pid), pid_t pid)
{
	long end = await_now_ms() + slow(AWAIT_LIMIT_MS);

	while (!is_true(pid)) {
		if (await_now_ms() > end)
			return false;
		sched_yield();
	}
	return true;
}

/* Returns true if the child ends within @ms milliseconds. */
static inline bool await_end(pid_t child, int ms)
{
	struct pollfd end = { .events = POLLIN };
	int ret;

	end.fd = syscall(SYS_pidfd_open, child, 0);
	ret = poll(&end, 1, ms);
	close(end.fd);
	return ret == 1;
}

/*
 * Waits as task_wait() does.  On timeout, kills the child and returns SIGKILL.
 */
static inline int await_task(pid_t child)
{
	if (!await_end(child, slow(AWAIT_LIMIT_MS)))
		kill(child, SIGKILL);
	return task_wait(child);
}

/* Returns the letter of a task's state, as in ps(1), or 'X' if it has ended. */
static inline char await_state(pid_t pid)
{
	char path[32];
	char stat[512];
	char *paren;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (file_read(path, stat, sizeof(stat)) < 0)
		return 'X';

	paren = strrchr(stat, ')');
	return paren ? paren[2] : 'X';
}

static inline bool await_is_stopped(pid_t pid)
{
	return await_state(pid) == 'T';
}

/* Returns the number of the system call that a task sleeps in, or -1. */
static inline long await_syscall(pid_t pid)
{
	char path[32];
	char text[256];

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	if (file_read(path, text, sizeof(text)) < 0 || !strchr(text, ' '))
		return -1;
	return strtol(text, NULL, 10);
}

#endif /* _SELFTESTS_LIB_AWAIT_H */
