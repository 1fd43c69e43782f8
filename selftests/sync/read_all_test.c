// SPDX-License-Identifier: GPL-2.0
/*
 * Read all - the file of this area, as a program meets that reads everything
 */
#include <kselftest_harness.h>

#include "read_all.h"

FIXTURE_VARIANT_ADD(read_all, sleep)
{
	.module = "sleep",
	.path = "/proc/sleep",
};

TEST_HARNESS_MAIN
