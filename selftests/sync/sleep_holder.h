/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Busy - /proc/sleep while the test has it open, and the tasks that wait for it
 */
#ifndef _SELFTESTS_SYNC_SLEEP_HOLDER_H
#define _SELFTESTS_SYNC_SLEEP_HOLDER_H

#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <stdbool.h>
#include <unistd.h>

#include "lib/gate.h"
#include "lib/module.h"
#include "lib/shared.h"
#include "lib/task.h"
#include "sleep.h"

#define BUSY_NR_WAITERS	8

/*
 * What all children share with the test: gates by which the children and the
 * test wait for each other, and counts.
 */
struct sleep_holder_crowd {
	struct gate arrived;
	struct gate leave;
	bool is_over;
	int nr_inside;
	int nr_visits;
	int order[BUSY_NR_WAITERS];
};

FIXTURE(busy)
{
	struct sleep_holder_crowd *crowd;
	int fd;
};

FIXTURE_SETUP(busy)
{
	self->crowd = shared_alloc(sizeof(*self->crowd));
	ASSERT_NE(NULL, self->crowd);
	ASSERT_EQ(0, gate_init(&self->crowd->arrived));
	ASSERT_EQ(0, gate_init(&self->crowd->leave));
	ASSERT_EQ(0, module_reload("sleep", ""));
	self->fd = sleep_open(0);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(busy)
{
	close(self->fd);
	module_unload("sleep");
	gate_destroy(&self->crowd->arrived);
	gate_destroy(&self->crowd->leave);
	shared_free(self->crowd, sizeof(*self->crowd));
}

static inline int sleep_holder_stay_until_told(void *arg)
{
	struct sleep_holder_crowd *crowd = arg;

	gate_open(&crowd->arrived);
	return gate_wait(&crowd->leave) == 1 ? 0 : -EIO;
}

static inline int sleep_holder_open_and_stay(void *arg)
{
	int fd = sleep_open(0);

	return fd < 0 ? fd : sleep_holder_stay_until_told(arg);
}

/*
 * Starts a child that must wait for the file.  Fails the test if it does not
 * wait.
 */
static inline pid_t sleep_holder_start(struct __test_metadata *_metadata, int fd,
				       int (*fn)(void *arg), void *arg)
{
	pid_t child = sleep_start(fd, fn, arg);

	ASSERT_LT(0, child);
	ASSERT_TRUE(sleep_await_open(child));
	return child;
}

/*
 * Calls sleep_holder_start() for a child that only opens and closes the file.
 */
static inline pid_t sleep_holder_start_waiter(struct __test_metadata *_metadata, int fd)
{
	return sleep_holder_start(_metadata, fd, sleep_open_and_close, NULL);
}

/* A macro, so that a failed expectation reports the line of the test. */
#define EXPECT_FREE() do {						\
	int fd_ = sleep_open(O_NONBLOCK);				\
									\
	EXPECT_LE(0, fd_);						\
	close(fd_);							\
} while (0)

#endif /* _SELFTESTS_SYNC_SLEEP_HOLDER_H */
