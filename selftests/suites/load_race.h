/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Load race - a device in use while its module is unloaded and loaded
 *
 * An open during an unload either fails, because there is no device or because
 * the module is being unloaded, or it returns an open file that holds a
 * reference to the module.  A test program includes this file, and then the
 * descriptions of the modules.
 *
 * Files of debugfs are not tested here.  full_proxy_open() warns if it cannot
 * get a reference to a module whose state is not MODULE_STATE_GOING yet.
 * try_stop_module() first drops the last reference and then sets this state, so
 * that an open in between causes the warning (6.1 to 7.3).
 */
#ifndef _SELFTESTS_SUITES_LOAD_RACE_H
#define _SELFTESTS_SUITES_LOAD_RACE_H

#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <sched.h>
#include <stdbool.h>
#include <unistd.h>

#include "lib/description.h"
#include "lib/file.h"
#include "lib/gate.h"
#include "lib/lacking.h"
#include "lib/module.h"
#include "lib/shared.h"
#include "lib/sysret.h"
#include "lib/task.h"

#define LOAD_RACE_NR_LOADS	100
#define LOAD_RACE_NR_BLOCK_LOADS	10
#define LOAD_RACE_MODPROBE	"/proc/sys/kernel/modprobe"

/* What the task that uses the device shares with the test. */
struct load_race_use {
	const char *path;
	int read;
	struct gate arrived;
	bool is_over;
};

FIXTURE(load_race)
{
	struct load_race_use *use;
	char modprobe[256];
	int file;
};

/*
 * If no block device has the number of a node, an open of the node makes the
 * kernel start modprobe, which takes long.  The setup disables this for a
 * device with .is_block.  The other task has such a device open most of the
 * time, so that few unloads succeed at once; the test therefore makes fewer of
 * them.
 */
FIXTURE_VARIANT(load_race)
{
	const struct module_description *of;
};

#undef IN_LOAD_RACE
#define IN_LOAD_RACE(id, variant)					\
	DESCRIBED(load_race, variant, .of = &id##_module)

FIXTURE_SETUP(load_race)
{
	SKIP_IF_LACKING(return, description_lacking(variant->of));
	self->use = shared_alloc(sizeof(*self->use));
	ASSERT_NE(NULL, self->use);
	self->use->path = variant->of->device_file.path;
	self->use->read = variant->of->device_file.read;
	ASSERT_EQ(0, gate_init(&self->use->arrived));

	self->file = module_open(variant->of->module);
	ASSERT_LE(0, self->file);
	ASSERT_EQ(0, module_reload(variant->of->module, ""));
	if (variant->of->device_file.is_block) {
		ASSERT_LT(0, file_read(LOAD_RACE_MODPROBE, self->modprobe,
				       sizeof(self->modprobe)));
		ASSERT_EQ(1, file_write(LOAD_RACE_MODPROBE, "\n"));
	}
}

FIXTURE_TEARDOWN(load_race)
{
	if (variant->of->device_file.is_block)
		EXPECT_LT(0, file_write(LOAD_RACE_MODPROBE, self->modprobe));
	EXPECT_EQ(0, module_unload(variant->of->module));
	close(self->file);
	gate_destroy(&self->use->arrived);
	shared_free(self->use, sizeof(*self->use));
}

/*
 * Opens, reads and closes a device that may be removed at any moment.  Returns
 * 0, or an error that is not expected.
 */
static inline int load_race_use_once(const struct load_race_use *use)
{
	int fd = sysret(open(use->path, O_RDWR | O_CLOEXEC));
	char byte;
	long ret;

	if (fd == -ENOENT || fd == -ENXIO || fd == -ENODEV || fd == -EBUSY)
		return 0;
	if (fd < 0)
		return fd;

	ret = sysret(read(fd, &byte, 1));
	close(fd);
	return ret < 0 && ret != use->read ? ret : 0;
}

static inline int load_race_use_until_over(void *arg)
{
	struct load_race_use *use = arg;
	int err = 0;

	gate_open(&use->arrived);
	while (!err && !__atomic_load_n(&use->is_over, __ATOMIC_RELAXED))
		err = load_race_use_once(use);
	return err;
}

/* Unloads a module as soon as no task has its device open. */
static inline int load_race_unload(const char *module)
{
	int err = module_unload(module);

	while (err == -EWOULDBLOCK) {
		sched_yield();
		err = module_unload(module);
	}
	return err;
}

/* CHARDEV-4 */
TEST_F(load_race, harms_nobody)
{
	const int nr = variant->of->device_file.is_block ? LOAD_RACE_NR_BLOCK_LOADS :
					   LOAD_RACE_NR_LOADS;
	pid_t user = task_start(load_race_use_until_over, self->use);
	int i;

	ASSERT_LT(0, user);
	ASSERT_EQ(1, gate_wait(&self->use->arrived));

	for (i = 0; i < nr; i++) {
		ASSERT_EQ(0, load_race_unload(variant->of->module));
		ASSERT_EQ(0, module_insert(self->file, ""));
	}
	__atomic_store_n(&self->use->is_over, true, __ATOMIC_RELAXED);

	EXPECT_EQ(0, task_wait(user));
}

#endif /* _SELFTESTS_SUITES_LOAD_RACE_H */
