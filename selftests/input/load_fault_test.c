// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - load the modules of this directory with fault injection
 */
#include <kselftest_harness.h>

#include "suites/load_fault.h"

FIXTURE_VARIANT_ADD(load_fault, vinput)
{
	.module = "vinput",
	.class = "vinput",
};

FIXTURE_VARIANT_ADD(load_fault, vkbd)
{
	.module = "vkbd",
};

FIXTURE_VARIANT_ADD(load_fault, vmouse)
{
	.module = "vmouse",
};

TEST_HARNESS_MAIN
