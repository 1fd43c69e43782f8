// SPDX-License-Identifier: GPL-2.0
/*
 * Read all - the file of this area, as read by a program that reads all files
 */
#include <kselftest_harness.h>

#include "suites/read_all.h"

FIXTURE_VARIANT_ADD(read_all, sleep)
{
	.module = "sleep",
	.path = "/proc/sleep",
};

TEST_HARNESS_MAIN
