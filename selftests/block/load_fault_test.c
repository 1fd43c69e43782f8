// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - load the module of this directory with fault injection
 */
#include <errno.h>
#include <kselftest_harness.h>

#include "suites/load_fault.h"

/* BLKRAM-5 */
FIXTURE_VARIANT_ADD(load_fault, blkram)
{
	.module = "blkram",
	.path = "/dev/blkram0",
	.params = "blkram_mb=1",
	.errs = { -EINVAL },
};

TEST_HARNESS_MAIN
