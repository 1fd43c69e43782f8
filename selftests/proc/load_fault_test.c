// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - the loading of this area's modules with an injected fault
 */
#include <kselftest_harness.h>

#include "suites/load_fault.h"

/* FULLEX-11, FULLEX-13 */
FIXTURE_VARIANT_ADD(load_fault, full_ex)
{
	.module = "full_ex",
	.path = "/proc/full_ex",
};

FIXTURE_VARIANT_ADD(load_fault, minimal_proc_lkm)
{
	.module = "minimal_proc_lkm",
	.path = "/proc/minimal_proc_lkm",
};

FIXTURE_VARIANT_ADD(load_fault, procfs1)
{
	.module = "procfs1",
	.path = "/proc/helloworld",
};

FIXTURE_VARIANT_ADD(load_fault, procfs2)
{
	.module = "procfs2",
	.path = "/proc/buffer1k",
};

FIXTURE_VARIANT_ADD(load_fault, procfs3)
{
	.module = "procfs3",
	.path = "/proc/buffer2k",
};

FIXTURE_VARIANT_ADD(load_fault, procfs4)
{
	.module = "procfs4",
	.path = "/proc/iter",
};

TEST_HARNESS_MAIN
