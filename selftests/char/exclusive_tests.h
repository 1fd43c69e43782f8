/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Exclusive - a device that can be open only once at a time
 *
 * A test program includes this file and adds a variant for each device that it
 * tests.  module_ref.h tests how long an open file keeps the module loaded.
 */
#ifndef _SELFTESTS_CHAR_EXCLUSIVE_TESTS_H
#define _SELFTESTS_CHAR_EXCLUSIVE_TESTS_H

#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <sched.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/module.h"
#include "lib/shared.h"
#include "lib/sysret.h"
#include "lib/task.h"

#define EXCLUSIVE_NR_TASKS	8
/* How often the tasks open the device, counted over all tasks. */
#define EXCLUSIVE_NR_OPENS	100

/*
 * What the tasks share.  Nothing but the device protects .nr_opens: only the
 * task that has the device open adds to it, in two steps, a load and a store.
 */
struct exclusive_room {
	const char *path;
	int nr_inside;
	int nr_opens;
};

static inline int exclusive_open(const char *path)
{
	return sysret(open(path, O_RDONLY | O_CLOEXEC));
}

static inline int exclusive_open_in_child(void *arg)
{
	int fd = exclusive_open(arg);

	return fd < 0 ? fd : 0;
}

/*
 * Adds 1 to .nr_opens.  Returns -EPROTO if another task has the device open at
 * the same time.
 */
static inline int exclusive_be_inside(struct exclusive_room *room, int fd)
{
	int nr = __atomic_load_n(&room->nr_opens, __ATOMIC_RELAXED);
	char byte;
	long ret;

	if (__atomic_add_fetch(&room->nr_inside, 1, __ATOMIC_SEQ_CST) != 1)
		return -EPROTO;

	sched_yield();
	ret = sysret(read(fd, &byte, 1));
	if (ret == 1 && __atomic_load_n(&room->nr_opens, __ATOMIC_RELAXED) != nr)
		ret = -EPROTO;
	__atomic_store_n(&room->nr_opens, nr + 1, __ATOMIC_RELAXED);
	__atomic_sub_fetch(&room->nr_inside, 1, __ATOMIC_SEQ_CST);
	return ret == 1 ? 0 : ret;
}

/*
 * Opens the device whenever no other task has it open, until .nr_opens is large
 * enough.
 */
static inline int exclusive_come_and_go(void *arg)
{
	struct exclusive_room *room = arg;
	int err = 0;
	int fd;

	while (!err && __atomic_load_n(&room->nr_opens, __ATOMIC_RELAXED) <
		       EXCLUSIVE_NR_OPENS) {
		fd = exclusive_open(room->path);
		if (fd >= 0) {
			err = exclusive_be_inside(room, fd);
			close(fd);
		} else if (fd != -EBUSY) {
			err = fd;
		}
	}
	return err;
}

/* Runs EXCLUSIVE_NR_TASKS tasks at once; returns 0 or the first error. */
static inline int exclusive_run_crowd(struct exclusive_room *room)
{
	pid_t tasks[EXCLUSIVE_NR_TASKS];
	int err = 0;
	int ret;
	int i;

	for (i = 0; i < EXCLUSIVE_NR_TASKS; i++)
		tasks[i] = task_start(exclusive_come_and_go, room);
	for (i = 0; i < EXCLUSIVE_NR_TASKS; i++) {
		ret = tasks[i] < 0 ? tasks[i] : task_wait(tasks[i]);
		err = err ? err : ret;
	}
	return err;
}

/* An open device, and the memory that the tasks share. */
FIXTURE(exclusive)
{
	struct exclusive_room *room;
	int fd;
};

FIXTURE_VARIANT(exclusive)
{
	const char *module;
	const char *path;
};

FIXTURE_SETUP(exclusive)
{
	self->room = shared_alloc(sizeof(*self->room));
	ASSERT_NE(NULL, self->room);
	self->room->path = variant->path;
	ASSERT_EQ(0, module_reload(variant->module, ""));
	self->fd = exclusive_open(variant->path);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(exclusive)
{
	close(self->fd);
	EXPECT_EQ(0, module_unload(variant->module));
	shared_free(self->room, sizeof(*self->room));
}

/* STATICKEY-6 */
TEST_F(exclusive, second_open_returns_ebusy)
{
	static const int flags[] = {
		O_RDONLY, O_WRONLY, O_RDWR, O_RDONLY | O_NONBLOCK,
		O_WRONLY | O_TRUNC, O_WRONLY | O_APPEND,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		EXPECT_EQ(-EBUSY, sysret(open(variant->path,
					      flags[i] | O_CLOEXEC)));
	EXPECT_EQ(-EBUSY, task_run(exclusive_open_in_child,
				   (void *)variant->path));
	EXPECT_EQ(-EBUSY, file_write(variant->path, "enable"));
}

TEST_F(exclusive, open_without_access_counts_as_well)
{
	/* Access mode 3 permits neither reads nor writes, only ioctls. */
	EXPECT_EQ(-EBUSY, sysret(open(variant->path, 3 | O_CLOEXEC)));
	close(self->fd);

	self->fd = sysret(open(variant->path, 3 | O_CLOEXEC));
	EXPECT_LE(0, self->fd);
	EXPECT_EQ(-EBUSY, exclusive_open(variant->path));
}

TEST_F(exclusive, can_be_opened_after_each_close)
{
	int i;

	for (i = 0; i < 3; i++) {
		EXPECT_EQ(-EBUSY, exclusive_open(variant->path));
		close(self->fd);
		self->fd = exclusive_open(variant->path);
		EXPECT_LE(0, self->fd);
	}
}

/* CHARDEV-8 */
TEST_F(exclusive, never_has_two_of_eight_inside)
{
	close(self->fd);
	EXPECT_EQ(0, exclusive_run_crowd(self->room));

	EXPECT_LE(EXCLUSIVE_NR_OPENS, self->room->nr_opens);
	EXPECT_EQ(0, self->room->nr_inside);
}

#endif /* _SELFTESTS_CHAR_EXCLUSIVE_TESTS_H */
