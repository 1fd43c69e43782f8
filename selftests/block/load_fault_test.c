// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - a module of this area whose loading fails half-way
 */
#include <errno.h>
#include <kselftest_harness.h>

#include "load_fault.h"

/* BLKRAM-5 */
FIXTURE_VARIANT_ADD(load_fault, blkram)
{
	.module = "blkram",
	.path = "/dev/blkram0",
	.params = "blkram_mb=1",
	.errs = { -EINVAL },
};

TEST_HARNESS_MAIN
