/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Unload - a module's file that is open or in use while the module is unloaded
 *
 * An open file does not hold a reference to the module.  An unload removes the
 * file: procfs, sysfs and debugfs wait for the calls in progress, and every
 * later call fails.  A test program includes this file, and then the
 * descriptions of the modules.
 */
#ifndef _SELFTESTS_SUITES_UNLOAD_OPEN_H
#define _SELFTESTS_SUITES_UNLOAD_OPEN_H

#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "lib/description.h"
#include "lib/gate.h"
#include "lib/module.h"
#include "lib/shared.h"
#include "lib/sysret.h"
#include "lib/task.h"

#define UNLOAD_NR_TASKS	1
#define UNLOAD_NR_LOADS	100

/* What the tasks share with the test. */
struct unload_use {
	const char *path;
	const char *text;
	int dead;
	struct gate arrived;
	bool is_over;
};

static inline long unload_write(const struct unload_use *use, int fd)
{
	return sysret(write(fd, use->text, strlen(use->text)));
}

/*
 * Writes once and reads once.  Returns 0 or a negative errno.  A call that the
 * file does not support fails, too.
 */
static inline int unload_use_fd(const struct unload_use *use, int fd)
{
	long ret = unload_write(use, fd);
	char byte;

	if (ret >= 0 || ret == use->dead)
		ret = sysret(read(fd, &byte, 1));
	return ret < 0 ? ret : 0;
}

/*
 * Opens and uses a file that may be removed at any moment.  Returns 0, or an
 * error that is not expected.
 */
static inline int unload_use_once(const struct unload_use *use)
{
	int fd = sysret(open(use->path, O_RDWR | O_CLOEXEC));
	int ret = fd < 0 ? fd : unload_use_fd(use, fd);

	if (fd >= 0)
		close(fd);
	return ret == -ENOENT || ret == use->dead ? 0 : ret;
}

static inline int unload_use_until_over(void *arg)
{
	struct unload_use *use = arg;
	int err = 0;

	gate_open(&use->arrived);
	while (!err && !__atomic_load_n(&use->is_over, __ATOMIC_RELAXED))
		err = unload_use_once(use);
	return err;
}

FIXTURE(unload)
{
	struct unload_use *use;
	pid_t tasks[UNLOAD_NR_TASKS];
};

FIXTURE_VARIANT(unload)
{
	const struct module_description *of;
};

#undef IN_UNLOAD_OPEN
#define IN_UNLOAD_OPEN(id, variant)					\
	DESCRIBED(unload, variant, .of = &id##_module)

static const char *unload_path(const FIXTURE_VARIANT(unload) * variant)
{
	const struct module_description *of = variant->of;

	return of->unload_file.path ? of->unload_file.path : of->path;
}

static int unload_prepare(const FIXTURE_VARIANT(unload) * variant)
{
	const struct described_unload *used = &variant->of->unload_file;

	return used->prepare ? used->prepare() : 0;
}

FIXTURE_SETUP(unload)
{
	const struct described_unload *used = &variant->of->unload_file;

	self->use = shared_alloc(sizeof(*self->use));
	ASSERT_NE(NULL, self->use);
	self->use->path = unload_path(variant);
	self->use->text = used->text ? used->text : "x";
	self->use->dead = used->dead ? used->dead : -EIO;
	ASSERT_EQ(0, gate_init(&self->use->arrived));
	ASSERT_EQ(0, module_reload(variant->of->module, ""));
	ASSERT_EQ(0, unload_prepare(variant));
}

FIXTURE_TEARDOWN(unload)
{
	module_unload(variant->of->module);
	gate_destroy(&self->use->arrived);
	shared_free(self->use, sizeof(*self->use));
}

TEST_F(unload, open_file_does_not_hold_the_module)
{
	int fd = open(unload_path(variant), O_RDWR | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, module_refcount(variant->of->module));
	close(fd);
}

TEST_F(unload, takes_the_file_away)
{
	ASSERT_EQ(0, module_unload(variant->of->module));

	EXPECT_EQ(-ENOENT, sysret(access(unload_path(variant), F_OK)));
	EXPECT_EQ(-ENOENT, module_refcount(variant->of->module));
}

/* PROCFS1-7, PROCFS3-8, VINPUT-2, VINPUT-3 */
TEST_F(unload, kills_an_open_file)
{
	int fd = open(unload_path(variant), O_RDWR | O_CLOEXEC);
	char byte = 'x';

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, module_unload(variant->of->module));

	EXPECT_EQ(self->use->dead, sysret(read(fd, &byte, 1)));
	EXPECT_EQ(self->use->dead, unload_write(self->use, fd));
	EXPECT_EQ('x', byte);
	EXPECT_EQ(0, close(fd));
}

/* PROCFS1-7, VINPUT-3 */
TEST_F(unload, open_file_stays_dead_after_the_next_load)
{
	int fd = open(unload_path(variant), O_RDWR | O_CLOEXEC);
	char byte;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, module_unload(variant->of->module));
	ASSERT_EQ(0, module_load(variant->of->module, ""));
	ASSERT_EQ(0, unload_prepare(variant));

	EXPECT_EQ(self->use->dead, sysret(read(fd, &byte, 1)));
	EXPECT_EQ(self->use->dead, unload_write(self->use, fd));
	EXPECT_EQ(0, close(fd));
	EXPECT_EQ(0, sysret(access(unload_path(variant), F_OK)));
}

/* PROCFS1-7, VINPUT-3, VINPUT-12, VINPUT-13 */
TEST_F(unload, and_load_again_and_again_while_in_use)
{
	const int wanted = variant->of->unload_file.nr_loads;
	const int nr_loads = wanted ? wanted : UNLOAD_NR_LOADS;
	int file = module_open(variant->of->module);
	int i;

	ASSERT_LE(0, file);
	for (i = 0; i < UNLOAD_NR_TASKS; i++) {
		self->tasks[i] = task_start(unload_use_until_over, self->use);
		ASSERT_LT(0, self->tasks[i]);
	}
	for (i = 0; i < UNLOAD_NR_TASKS; i++)
		ASSERT_EQ(1, gate_wait(&self->use->arrived));

	for (i = 0; i < nr_loads; i++) {
		ASSERT_EQ(0, module_unload(variant->of->module));
		ASSERT_EQ(0, module_insert(file, ""));
		ASSERT_EQ(0, unload_prepare(variant));
	}
	__atomic_store_n(&self->use->is_over, true, __ATOMIC_RELAXED);

	for (i = 0; i < UNLOAD_NR_TASKS; i++)
		EXPECT_EQ(0, task_wait(self->tasks[i]));
	close(file);
}

#endif /* _SELFTESTS_SUITES_UNLOAD_OPEN_H */
