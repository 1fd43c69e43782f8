// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - load the modules of this directory with fault injection
 */
#include <kselftest_harness.h>

#include "suites/load_fault.h"

FIXTURE_VARIANT_ADD(load_fault, chardev)
{
	.module = "chardev",
	.device = "chardev",
};

FIXTURE_VARIANT_ADD(load_fault, chardev2)
{
	.module = "chardev2",
	.device = "char_dev",
};

FIXTURE_VARIANT_ADD(load_fault, ioctl)
{
	.module = "ioctl",
	.device = "ioctltest",
};

FIXTURE_VARIANT_ADD(load_fault, static_key)
{
	.module = "static_key",
	.device = "key_state",
};

TEST_HARNESS_MAIN
