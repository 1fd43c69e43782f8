// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - load the modules of this directory with fault injection
 */
#include <errno.h>
#include <kselftest_harness.h>

#include "platform.h"
#include "suites/load_fault.h"

FIXTURE_VARIANT_ADD(load_fault, devicemodel)
{
	.module = "devicemodel",
	.path = PLATFORM_DRIVERS "devicemodel_example",
	.needs = PLATFORM_DRIVERS "devicemodel_example/devicemodel_example",
	.errs = { -EINVAL },
};

FIXTURE_VARIANT_ADD(load_fault, dma)
{
	.module = "dma",
	.path = PLATFORM_DRIVERS "lkmpg_dma_demo",
	.needs = PLATFORM_DRIVERS "lkmpg_dma_demo/lkmpg_dma_demo",
	.errs = { -EINVAL },
};

TEST_HARNESS_MAIN
