// SPDX-License-Identifier: GPL-2.0
/*
 * Read all - the files of this area, as read by a program that reads all files
 */
#include <errno.h>
#include <kselftest_harness.h>

#include "suites/read_all.h"

FIXTURE_VARIANT_ADD(read_all, procfs1)
{
	.module = "procfs1",
	.path = "/proc/helloworld",
};

FIXTURE_VARIANT_ADD(read_all, procfs2)
{
	.module = "procfs2",
	.path = "/proc/buffer1k",
};

FIXTURE_VARIANT_ADD(read_all, procfs3)
{
	.module = "procfs3",
	.path = "/proc/buffer2k",
};

FIXTURE_VARIANT_ADD(read_all, procfs4)
{
	.module = "procfs4",
	.path = "/proc/iter",
};

FIXTURE_VARIANT_ADD(read_all, minimal_proc_lkm)
{
	.module = "minimal_proc_lkm",
	.path = "/proc/minimal_proc_lkm",
	.err = -EIO,
};

FIXTURE_VARIANT_ADD(read_all, full_ex)
{
	.module = "full_ex",
	.path = "/proc/full_ex",
	.err = -EACCES,
};

TEST_HARNESS_MAIN
