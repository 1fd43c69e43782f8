/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sleep - /proc/sleep, and the tasks that wait in its open()
 *
 * /proc shows whether a task sleeps, and in which system call.  By this the
 * tests know that a task waits for the file.
 */
#ifndef _SELFTESTS_SYNC_SLEEP_H
#define _SELFTESTS_SYNC_SLEEP_H

#include <fcntl.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/await.h"
#include "lib/sysret.h"
#include "lib/task.h"

#define SLEEP	"/proc/sleep"

/*
 * The argument of a child, which closes .fd, the test's file, and then calls
 * .fn.
 */
struct sleep_child {
	int fd;
	int (*fn)(void *arg);
	void *arg;
};

static inline int sleep_open(int flags)
{
	return sysret(open(SLEEP, O_RDONLY | O_CLOEXEC | flags));
}

/*
 * A function for a child: opens the file, which may have to wait, and closes
 * it.
 */
static inline int sleep_open_and_close(void *arg)
{
	int fd = sleep_open(0);

	return fd < 0 ? fd : sysret(close(fd));
}

static inline int sleep_run_child(void *arg)
{
	struct sleep_child *child = arg;

	close(child->fd);
	return child->fn(child->arg);
}

/*
 * Starts a child as task_start() does, but the child first closes its copy of
 * the test's file @fd.
 */
static inline pid_t sleep_start(int fd, int (*fn)(void *arg), void *arg)
{
	struct sleep_child child = { .fd = fd, .fn = fn, .arg = arg };

	return task_start(sleep_run_child, &child);
}

static inline bool sleep_is_in_open(pid_t pid)
{
	return await_state(pid) == 'S' && await_syscall(pid) == SYS_openat;
}

static inline bool sleep_is_in_open_or_gone(pid_t pid)
{
	char state = await_state(pid);

	return state == 'Z' || state == 'X' || sleep_is_in_open(pid);
}

/*
 * Waits until the task sleeps in open().  Returns false if the task ends
 * instead, or on timeout.
 */
static inline bool sleep_await_open(pid_t pid)
{
	return await(sleep_is_in_open_or_gone, pid) && sleep_is_in_open(pid);
}

#endif /* _SELFTESTS_SYNC_SLEEP_H */
