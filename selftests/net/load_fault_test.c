// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - load the module of this directory with fault injection
 */
#include <errno.h>
#include <kselftest_harness.h>

#include "suites/load_fault.h"

FIXTURE_VARIANT_ADD(load_fault, vnetloop)
{
	.module = "vnetloop",
	.path = "/sys/class/net/vnetloop0",
	.errs = { -ENOBUFS, -EINVAL },
};

TEST_HARNESS_MAIN
