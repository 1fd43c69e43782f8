// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - the loading of this area's modules with an injected fault
 */
#include <kselftest_harness.h>

#include "suites/load_fault.h"

FIXTURE_VARIANT_ADD(load_fault, completions)
{
	.module = "completions",
};

FIXTURE_VARIANT_ADD(load_fault, example_atomic)
{
	.module = "example_atomic",
};

FIXTURE_VARIANT_ADD(load_fault, example_mutex)
{
	.module = "example_mutex",
};

FIXTURE_VARIANT_ADD(load_fault, example_rwlock)
{
	.module = "example_rwlock",
};

FIXTURE_VARIANT_ADD(load_fault, example_spinlock)
{
	.module = "example_spinlock",
};

FIXTURE_VARIANT_ADD(load_fault, sleep)
{
	.module = "sleep",
	.path = "/proc/sleep",
};

TEST_HARNESS_MAIN
