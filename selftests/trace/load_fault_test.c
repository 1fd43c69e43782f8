// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - load the module of this directory with fault injection
 */
#include <kselftest_harness.h>

#include "suites/load_fault.h"

FIXTURE_VARIANT_ADD(load_fault, syscall_steal)
{
	.module = "syscall-steal",
};

TEST_HARNESS_MAIN
