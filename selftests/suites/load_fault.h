/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Load fault - the loading of a module during which an allocation fails
 *
 * No matter which allocation fails, the load must either succeed, or return an
 * error and leave no file, device or module.  A test program includes this
 * file, and then the descriptions of the modules.
 */
#ifndef _SELFTESTS_SUITES_LOAD_FAULT_H
#define _SELFTESTS_SUITES_LOAD_FAULT_H

#include <errno.h>
#include <kselftest_harness.h>
#include <stdbool.h>
#include <unistd.h>

#include "lib/description.h"
#include "lib/fault.h"
#include "lib/lacking.h"
#include "lib/module.h"
#include "lib/node.h"
#include "lib/timeout.h"

/*
 * The timeout for one module, in seconds.  A debug kernel takes 0.1 seconds for
 * each of about 100 faults.
 */
#define LOAD_FAULT_TIMEOUT	90

/*
 * The number of faults that the test tries again.  It tries the last ones,
 * which are in the code of the module itself.
 */
#define LOAD_FAULT_AGAIN	32
#define LOAD_FAULT_AGAIN_SLOW	8

FIXTURE(load_fault)
{
	int fail_nth;
	int file;
};

FIXTURE_VARIANT(load_fault)
{
	const struct module_description *of;
};

#undef IN_LOAD_FAULT
#define IN_LOAD_FAULT(id)						\
	DESCRIBED(load_fault, id, .of = &id##_module)

FIXTURE_SETUP(load_fault)
{
	SKIP_IF_LACKING(return, description_lacking(variant->of));
	SKIP_IF_LACKING(return, fault_lacking());
	self->fail_nth = fault_open();
	ASSERT_LE(0, self->fail_nth);

	module_unload(variant->of->module);
	self->file = module_open(variant->of->module);
	ASSERT_LE(0, self->file);
	/* The first load may create what later ones find, such as a cipher. */
	ASSERT_EQ(0, module_insert(self->file, variant->of->params));
	ASSERT_EQ(0, module_unload(variant->of->module));
	fault_prepare();
	/*
	 * A load takes long on a slow kernel, so leave out the faults in the
	 * module loader itself, which are four of five.
	 */
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
	if (module_is_loaded(variant->of->module))
		return false;
	if (variant->of->device)
		return node_is_gone(variant->of->device);
	if (variant->of->class)
		return node_is_gone(variant->of->class);
	return !variant->of->path ||
	       (access(variant->of->path, F_OK) && errno == ENOENT);
}

static bool load_fault_is_cause(const FIXTURE_VARIANT(load_fault) * variant,
				int err)
{
	return fault_is_cause(err) || err == variant->of->load_errs[0] ||
	       err == variant->of->load_errs[1];
}

/*
 * Returns true if a successful load has created all that it must: .needs, and
 * the node of .device.  Without the file at .path a load may succeed.
 */
static bool load_fault_has_all(const FIXTURE_VARIANT(load_fault) * variant)
{
	if (variant->of->needs && access(variant->of->needs, F_OK))
		return false;
	return !variant->of->device || node_is_whole(variant->of->device);
}

/*
 * Loads the module while its @nth allocation fails.  Returns true if that fault
 * fired.
 */
static bool load_fault_try(struct __test_metadata *_metadata,
			   const FIXTURE_DATA(load_fault) * self,
			   const FIXTURE_VARIANT(load_fault) * variant, int nth)
{
	bool had_fault;
	int err;

	fault_arm(self->fail_nth, nth);
	err = module_insert(self->file, variant->of->params);
	had_fault = fault_disarm(self->fail_nth);
	if (!err) {
		ASSERT_TRUE(load_fault_has_all(variant))
			TH_LOG("fault %d", nth);
		ASSERT_EQ(0, module_unload(variant->of->module));
	} else {
		ASSERT_TRUE(load_fault_is_cause(variant, err))
			TH_LOG("fault %d: load returned %d", nth, err);
	}
	ASSERT_TRUE(load_fault_left_nothing(variant))
		TH_LOG("fault %d: load returned %d", nth, err);
	return had_fault;
}

/*
 * FULLEX-11, FULLEX-13, PROCFS3-5, PROCFS4-5, MINPROC-6, CHARDEV-6,
 * CHARDEV2-13, STATICKEY-5, IOCTL-7, SLEEP-8, COMPL-3, SCHED-2, BLKRAM-5,
 * DMA-2, VINPUT-14, INTRPT-3: some of these defects cause a kernel warning,
 * which would stop the kernel here (panic_on_warn).
 *
 * The number of allocations in a load depends on what the previous load has
 * left in the caches, so counting up may skip an allocation.  The test
 * therefore tries the last faults again, each after a load without a fault, so
 * that each time the caches are the same.
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
		ASSERT_EQ(0, module_insert(self->file, variant->of->params));
		ASSERT_EQ(0, module_unload(variant->of->module));
		load_fault_try(_metadata, self, variant, --nth);
	}
}

#endif /* _SELFTESTS_SUITES_LOAD_FAULT_H */
