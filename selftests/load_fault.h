/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Load fault - a module whose loading fails half-way
 *
 * Whichever allocation fails, loading either succeeds without it or says why not
 * and leaves nothing.  A test program includes this and adds a variant for each
 * of its modules.
 */
#ifndef _SELFTESTS_LOAD_FAULT_H
#define _SELFTESTS_LOAD_FAULT_H

#include <errno.h>
#include <kselftest_harness.h>
#include <stdbool.h>
#include <unistd.h>

#include "fault.h"
#include "module.h"
#include "node.h"
#include "slow.h"

/* Seconds for a module; a debug kernel takes 0.1 for each of some 100 faults. */
#define LOAD_FAULT_TIMEOUT	90

/* How many faults are tried again: the last ones are in the module itself. */
#define LOAD_FAULT_AGAIN	32
#define LOAD_FAULT_AGAIN_SLOW	8

FIXTURE(load_fault)
{
	int fail_nth;
	int file;
};

/*
 * A module is loaded with .params, if that is set.  It has a file at .path, a
 * character device with the name .device, a number and a class with the name
 * .class whose devices come later, or nothing.  While it is loaded it has what is
 * at .needs, if that is set.  Where the kernel has other words for a lack of
 * memory, these are .errs: the driver core forgets that there was none for a
 * device's name, or for the drivers of a module, and then refuses with EINVAL
 * what it has not got; the network says ENOBUFS.  If it is set, .prepare makes
 * what the module needs, and says what the kernel lacks for it.
 */
FIXTURE_VARIANT(load_fault)
{
	const char *module;
	const char *params;
	const char *path;
	const char *device;
	const char *needs;
	const char *class;
	int errs[2];
	const char *(*prepare)(void);
};

static int load_fault_insert(const FIXTURE_VARIANT(load_fault) * variant,
			     int file)
{
	return module_insert(file, variant->params ? variant->params : "");
}

FIXTURE_SETUP(load_fault)
{
	const char *lacking = module_lacking(variant->module);

	if (!lacking && variant->prepare)
		lacking = variant->prepare();
	if (lacking)
		SKIP(return, "%s", lacking);

	self->fail_nth = fault_open();
	if (self->fail_nth == -ENOENT)
		SKIP(return, "needs CONFIG_FAULT_INJECTION");
	ASSERT_LE(0, self->fail_nth);

	module_unload(variant->module);
	self->file = module_open(variant->module);
	ASSERT_LE(0, self->file);
	/* The first load may make what later ones find, such as a cipher. */
	ASSERT_EQ(0, load_fault_insert(variant, self->file));
	ASSERT_EQ(0, module_unload(variant->module));
	fault_prepare();
	/* Four of five are in the kernel's own part, and a load takes long there. */
	if (slow_factor > 1)
		fault_only_in("do_init_module");
}

FIXTURE_TEARDOWN(load_fault)
{
	fault_restore();
	close(self->file);
	close(self->fail_nth);
}

static bool load_fault_left_nothing(const FIXTURE_VARIANT(load_fault) * variant)
{
	if (module_is_loaded(variant->module))
		return false;
	if (variant->device)
		return node_is_gone(variant->device);
	if (variant->class)
		return node_is_gone(variant->class);
	return !variant->path ||
	       (access(variant->path, F_OK) && errno == ENOENT);
}

static bool load_fault_is_cause(const FIXTURE_VARIANT(load_fault) * variant,
				int err)
{
	return fault_is_cause(err) || err == variant->errs[0] ||
	       err == variant->errs[1];
}

/* A device is useless without its node; of a file the module may know better. */
static bool load_fault_has_all(const FIXTURE_VARIANT(load_fault) * variant)
{
	if (variant->needs && access(variant->needs, F_OK))
		return false;
	return !variant->device || node_is_whole(variant->device);
}

/* Loads with the n-th fault; tells whether there was one. */
static bool load_fault_try(struct __test_metadata *_metadata,
			   const FIXTURE_DATA(load_fault) * self,
			   const FIXTURE_VARIANT(load_fault) * variant, int nth)
{
	bool had_fault;
	int err;

	fault_arm(self->fail_nth, nth);
	err = load_fault_insert(variant, self->file);
	had_fault = fault_disarm(self->fail_nth);
	if (!err) {
		ASSERT_TRUE(load_fault_has_all(variant))
			TH_LOG("fault %d", nth);
		ASSERT_EQ(0, module_unload(variant->module));
	} else {
		ASSERT_TRUE(load_fault_is_cause(variant, err))
			TH_LOG("fault %d: load returned %d", nth, err);
	}
	ASSERT_TRUE(load_fault_left_nothing(variant))
		TH_LOG("fault %d: load returned %d", nth, err);
	return had_fault;
}

/*
 * FULLEX-11, FULLEX-13, PROCFS3-5, PROCFS4-5, MINPROC-6, CHARDEV-6, CHARDEV2-13,
 * STATICKEY-5, IOCTL-7, SLEEP-8, COMPL-3, SCHED-2, BLKRAM-5, DMA-2, VINPUT-14,
 * INTRPT-3: a warning of the kernel would end it here
 *
 * What a load finds in the caches differs by an allocation or so from what the
 * one before has found, so a fault that is counted up may pass over one.  The
 * last ones, behind a load without a fault, each find the same.
 */
TEST_F_TIMEOUT(load_fault, leaves_nothing, LOAD_FAULT_TIMEOUT)
{
	const int again = slow_factor > 1 ? LOAD_FAULT_AGAIN_SLOW :
					    LOAD_FAULT_AGAIN;
	int nth = 0;
	int i;

	while (load_fault_try(_metadata, self, variant, ++nth))
		;
	EXPECT_LT(1, nth);

	for (i = 0; i < again && nth > 1; i++) {
		ASSERT_EQ(0, load_fault_insert(variant, self->file));
		ASSERT_EQ(0, module_unload(variant->module));
		load_fault_try(_metadata, self, variant, --nth);
	}
}

#endif /* _SELFTESTS_LOAD_FAULT_H */
