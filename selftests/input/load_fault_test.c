// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - a module of this area whose loading fails half-way
 */
#include <kselftest_harness.h>

#include "load_fault.h"

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
