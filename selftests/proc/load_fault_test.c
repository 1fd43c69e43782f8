// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - a module of this area whose loading fails half-way
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdbool.h>
#include <unistd.h>

#include "fault.h"
#include "module.h"

FIXTURE(load_fault)
{
	int fail_nth;
	int file;
};

FIXTURE_VARIANT(load_fault)
{
	const char *module;
	const char *path;
};

FIXTURE_VARIANT_ADD(load_fault, minimal_proc_lkm)
{
	.module = "minimal_proc_lkm",
	.path = "/proc/minimal_proc_lkm",
};

FIXTURE_VARIANT_ADD(load_fault, procfs1)
{
	.module = "procfs1",
	.path = "/proc/helloworld",
};

FIXTURE_VARIANT_ADD(load_fault, procfs2)
{
	.module = "procfs2",
	.path = "/proc/buffer1k",
};

FIXTURE_VARIANT_ADD(load_fault, procfs3)
{
	.module = "procfs3",
	.path = "/proc/buffer2k",
};

FIXTURE_VARIANT_ADD(load_fault, procfs4)
{
	.module = "procfs4",
	.path = "/proc/iter",
};

FIXTURE_SETUP(load_fault)
{
	self->fail_nth = fault_open();
	if (self->fail_nth == -ENOENT)
		SKIP(return, "needs CONFIG_FAULT_INJECTION");
	ASSERT_LE(0, self->fail_nth);

	module_drop(variant->module);
	self->file = module_open(variant->module);
	ASSERT_LE(0, self->file);
	fault_prepare();
	module_hurry(true);
}

FIXTURE_TEARDOWN(load_fault)
{
	module_hurry(false);
	fault_restore();
	close(self->file);
	close(self->fail_nth);
}

/* PROCFS3-5, PROCFS4-5, MINPROC-6: a warning of the kernel would end it here */
TEST_F(load_fault, leaves_nothing)
{
	bool had_fault;
	int nth = 0;
	int err;

	do {
		fault_arm(self->fail_nth, ++nth);
		err = module_insert(self->file, "");
		had_fault = fault_disarm(self->fail_nth);
		if (!err) {
			ASSERT_EQ(0, module_unload(variant->module));
		} else {
			ASSERT_TRUE(fault_is_cause(err))
				TH_LOG("fault %d: load returned %d", nth, err);
		}
		ASSERT_FALSE(module_is_loaded(variant->module));
		ASSERT_NE(0, access(variant->path, F_OK));
	} while (had_fault);

	EXPECT_LT(1, nth);
}

TEST_HARNESS_MAIN
