// SPDX-License-Identifier: GPL-2.0
/*
 * Hello 1 - logs a line when it is loaded, and another when it is unloaded
 */
#include <kselftest_harness.h>

#include "lib/kmsg.h"
#include "lib/module.h"

FIXTURE(hello_1)
{
	struct kmsg log;
};

FIXTURE_SETUP(hello_1)
{
	ASSERT_LE(0, kmsg_open(&self->log));
	ASSERT_EQ(0, module_load("hello-1", ""));
}

FIXTURE_TEARDOWN(hello_1)
{
	module_unload("hello-1");
	kmsg_close(&self->log);
}

TEST_F(hello_1, load_says_hello)
{
	EXPECT_LOG(&self->log, "Hello world 1.");
}

TEST_F(hello_1, unload_says_goodbye)
{
	kmsg_skip(&self->log);

	ASSERT_EQ(0, module_unload("hello-1"));
	EXPECT_LOG(&self->log, "Goodbye world 1.");
}

TEST_F(hello_1, is_called_hello_1_once_loaded)
{
	EXPECT_EQ(0, access("/sys/module/hello_1", F_OK));
	EXPECT_EQ(0, module_refcount("hello_1"));
}

TEST_F(hello_1, second_load_returns_eexist)
{
	EXPECT_EQ(-EEXIST, module_load("hello-1", ""));
}

TEST_HARNESS_MAIN
