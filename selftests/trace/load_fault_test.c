// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - a module of this area whose loading fails half-way
 */
#include <kselftest_harness.h>

#include "load_fault.h"

FIXTURE_VARIANT_ADD(load_fault, syscall_steal)
{
	.module = "syscall-steal",
};

TEST_HARNESS_MAIN
