// SPDX-License-Identifier: GPL-2.0
/*
 * Full example - unloads and loads of the module while /proc/full_ex is in use
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

#include "full_ex.h"
#include "lib/gate.h"
#include "lib/module.h"
#include "lib/shared.h"
#include "lib/sysret.h"
#include "lib/task.h"

#define NR_TASKS	4
#define NR_LOADS	400

/* What the tasks share with the test. */
struct crowd {
	struct gate arrived;
	bool is_over;
};

/*
 * Uses a file until the module is unloaded.  Returns the error of the last
 * call.
 */
static int use_until_unloaded(void *arg)
{
	struct crowd *crowd = arg;
	int fd = full_ex_open_sized(1);
	int value;
	long ret;

	if (fd < 0)
		return fd;

	gate_open(&crowd->arrived);
	do {
		ret = full_ex_push(fd, 7);
		if (ret == 4)
			ret = full_ex_pop(fd, &value);
	} while (ret == 4);
	return close(fd) ? -errno : ret;
}

/*
 * Opens and uses the file, which may be removed at any moment.  Returns 0, or
 * an error that is not expected.
 */
static int use_while_it_lasts(void)
{
	int fd = full_ex_open_sized(1);
	long ret;
	int value;

	if (fd == -ENOENT || fd == -EIO)
		return 0;
	if (fd < 0)
		return fd;

	ret = full_ex_push(fd, 7);
	if (ret == 4)
		ret = full_ex_pop(fd, &value);
	close(fd);
	return ret == 4 || ret == -EIO ? 0 : -EPROTO;
}

static int use_until_over(void *arg)
{
	struct crowd *crowd = arg;
	int err = 0;

	gate_open(&crowd->arrived);
	while (!err && !__atomic_load_n(&crowd->is_over, __ATOMIC_RELAXED))
		err = use_while_it_lasts();
	return err;
}

FIXTURE(unload)
{
	struct crowd *crowd;
	pid_t tasks[NR_TASKS];
};

FIXTURE_SETUP(unload)
{
	self->crowd = shared_alloc(sizeof(*self->crowd));
	ASSERT_NE(NULL, self->crowd);
	ASSERT_EQ(0, gate_init(&self->crowd->arrived));
	ASSERT_EQ(0, full_ex_load());
}

FIXTURE_TEARDOWN(unload)
{
	gate_destroy(&self->crowd->arrived);
	shared_free(self->crowd, sizeof(*self->crowd));
}

static void start_crowd(struct __test_metadata *_metadata,
			FIXTURE_DATA(unload) * self, int (*fn)(void *arg))
{
	int i;

	for (i = 0; i < NR_TASKS; i++) {
		self->tasks[i] = task_start(fn, self->crowd);
		ASSERT_LT(0, self->tasks[i]);
	}
	for (i = 0; i < NR_TASKS; i++)
		ASSERT_EQ(1, gate_wait(&self->crowd->arrived));
}

TEST_F(unload, open_file_does_not_hold_the_module)
{
	int fd = full_ex_open();

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, module_refcount("full_ex"));
	close(fd);
}

TEST_F(unload, takes_the_file_away)
{
	ASSERT_EQ(0, module_unload("full_ex"));

	EXPECT_EQ(-ENOENT, full_ex_open());
	EXPECT_EQ(-ENOENT, module_refcount("full_ex"));
}

/* FULLEX-3 */
TEST_F(unload, kills_an_open_file)
{
	int fd = full_ex_open_sized(2);

	ASSERT_LE(0, fd);
	ASSERT_EQ(4, full_ex_push(fd, 7));
	ASSERT_EQ(0, module_unload("full_ex"));

	EXPECT_EQ(-EIO, full_ex_push(fd, 9));
	EXPECT_EQ(-EIO, sysret(read(fd, &fd, sizeof(fd))));
	EXPECT_EQ(0, close(fd));
}

/* FULLEX-3 */
TEST_F(unload, open_file_stays_dead_after_the_next_load)
{
	int old = full_ex_open_sized(2);
	int new;

	ASSERT_LE(0, old);
	ASSERT_EQ(0, module_unload("full_ex"));
	ASSERT_EQ(0, module_load("full_ex", ""));

	new = full_ex_open_sized(1);
	ASSERT_LE(0, new);
	EXPECT_EQ(-EIO, full_ex_push(old, 9));
	EXPECT_EQ(0, close(old));
	EXPECT_EQ(4, full_ex_push(new, 7));
	EXPECT_POP(7, new);
	EXPECT_EQ(0, close(new));
}

/* FULLEX-3 */
TEST_F(unload, ends_the_calls_of_all_users)
{
	int i;

	start_crowd(_metadata, self, use_until_unloaded);
	EXPECT_EQ(0, module_unload("full_ex"));

	for (i = 0; i < NR_TASKS; i++)
		EXPECT_EQ(-EIO, task_wait(self->tasks[i]));
}

/* FULLEX-3, FULLEX-12 */
TEST_F(unload, and_load_again_and_again_while_in_use)
{
	int file = module_open("full_ex");
	int i;

	ASSERT_LE(0, file);
	start_crowd(_metadata, self, use_until_over);

	for (i = 0; i < NR_LOADS; i++) {
		ASSERT_EQ(0, module_unload("full_ex"));
		ASSERT_EQ(0, module_insert(file, ""));
	}
	__atomic_store_n(&self->crowd->is_over, true, __ATOMIC_RELAXED);

	for (i = 0; i < NR_TASKS; i++)
		EXPECT_EQ(0, task_wait(self->tasks[i]));
	close(file);
}

TEST_HARNESS_MAIN
