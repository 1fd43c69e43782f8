// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - a module of this area whose loading fails half-way
 */
#include <errno.h>
#include <kselftest_harness.h>

#include "load_fault.h"

FIXTURE_VARIANT_ADD(load_fault, vnetloop)
{
	.module = "vnetloop",
	.path = "/sys/class/net/vnetloop0",
	.errs = { -ENOBUFS, -EINVAL },
};

TEST_HARNESS_MAIN
