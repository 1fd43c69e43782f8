// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - load the modules of this directory with fault injection
 */
#include <kselftest_harness.h>

#include "suites/load_fault.h"

FIXTURE_VARIANT_ADD(load_fault, example_tasklet)
{
	.module = "example_tasklet",
};

/* SCHED-2 */
FIXTURE_VARIANT_ADD(load_fault, sched)
{
	.module = "sched",
};

TEST_HARNESS_MAIN
