// SPDX-License-Identifier: GPL-2.0
/*
 * Startstop - a module with its init and its exit function in two files
 */
#include <kselftest_harness.h>

#include "lib/kmsg.h"
#include "lib/module.h"

FIXTURE(startstop)
{
	struct kmsg log;
};

FIXTURE_SETUP(startstop)
{
	ASSERT_LE(0, kmsg_open(&self->log));
	ASSERT_EQ(0, module_load("startstop", ""));
}

FIXTURE_TEARDOWN(startstop)
{
	module_unload("startstop");
	kmsg_close(&self->log);
}

TEST_F(startstop, load_says_hello)
{
	EXPECT_LOG(&self->log, "Hello, world - this is the kernel speaking");
}

TEST_F(startstop, unload_says_goodbye)
{
	kmsg_skip(&self->log);

	ASSERT_EQ(0, module_unload("startstop"));
	EXPECT_LOG(&self->log, "Short is the life of a kernel module");
}

TEST_F(startstop, both_files_are_one_module)
{
	EXPECT_EQ(0, module_refcount("startstop"));
	EXPECT_FALSE(module_is_loaded("start"));
	EXPECT_FALSE(module_is_loaded("stop"));
}

TEST_HARNESS_MAIN
