// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - a module of this area whose loading fails half-way
 */
#include <kselftest_harness.h>

#include "load_fault.h"
#include "platform.h"

FIXTURE_VARIANT_ADD(load_fault, devicemodel)
{
	.module = "devicemodel",
	.path = PLATFORM_DRIVERS "devicemodel_example",
	.needs = PLATFORM_DRIVERS "devicemodel_example/devicemodel_example",
};

FIXTURE_VARIANT_ADD(load_fault, dma)
{
	.module = "dma",
	.path = PLATFORM_DRIVERS "lkmpg_dma_demo",
	.needs = PLATFORM_DRIVERS "lkmpg_dma_demo/lkmpg_dma_demo",
};

TEST_HARNESS_MAIN
