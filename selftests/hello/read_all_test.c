// SPDX-License-Identifier: GPL-2.0
/*
 * Read all - the parameters, read by a program that reads all of sysfs
 */
#include <kselftest_harness.h>

#include "suites/read_all.h"

FIXTURE_VARIANT_ADD(read_all, hello_5)
{
	.module = "hello-5",
};

FIXTURE_VARIANT_ADD(read_all, hello_6)
{
	.module = "hello-6",
};

TEST_HARNESS_MAIN
