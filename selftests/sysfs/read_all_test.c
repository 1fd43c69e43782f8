// SPDX-License-Identifier: GPL-2.0
/*
 * Read all - the files of this area, as read by a program that reads all files
 */
#include <kselftest_harness.h>

#include "suites/read_all.h"

FIXTURE_VARIANT_ADD(read_all, hello_sysfs)
{
	.module = "hello-sysfs",
	.path = "/sys/kernel/mymodule",
};

FIXTURE_VARIANT_ADD(read_all, hello_debugfs)
{
	.module = "hello-debugfs",
	.path = "/sys/kernel/debug/lkmpg_debugfs",
};

FIXTURE_VARIANT_ADD(read_all, hello_debugfs_file)
{
	.module = "hello-debugfs-file",
	.path = "/sys/kernel/debug/lkmpg_debugfs_file",
	.held = "/sys/kernel/debug/lkmpg_debugfs_file/message",
};

TEST_HARNESS_MAIN
