// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - the loading of this area's modules with an injected fault
 *
 * The modules that use debugfs are loaded even if a file cannot be created.
 */
#include <kselftest_harness.h>

#include "suites/load_fault.h"

FIXTURE_VARIANT_ADD(load_fault, hello_debugfs)
{
	.module = "hello-debugfs",
	.path = "/sys/kernel/debug/lkmpg_debugfs",
};

FIXTURE_VARIANT_ADD(load_fault, hello_debugfs_file)
{
	.module = "hello-debugfs-file",
	.path = "/sys/kernel/debug/lkmpg_debugfs_file",
};

/* SYSFS-4 */
FIXTURE_VARIANT_ADD(load_fault, hello_sysfs)
{
	.module = "hello-sysfs",
	.path = "/sys/kernel/mymodule",
};

TEST_HARNESS_MAIN
