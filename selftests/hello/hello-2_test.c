// SPDX-License-Identifier: GPL-2.0
/*
 * Hello 2 - logs two lines from init and exit functions with names of their own
 */
#include <kselftest_harness.h>

#include "lib/kmsg.h"
#include "lib/module.h"

FIXTURE(hello_2)
{
	struct kmsg log;
};

FIXTURE_SETUP(hello_2)
{
	ASSERT_LE(0, kmsg_open(&self->log));
	ASSERT_EQ(0, module_load("hello-2", ""));
}

FIXTURE_TEARDOWN(hello_2)
{
	module_unload("hello-2");
	kmsg_close(&self->log);
}

TEST_F(hello_2, load_says_hello)
{
	EXPECT_LOG(&self->log, "Hello, world 2");
}

TEST_F(hello_2, unload_says_goodbye)
{
	kmsg_skip(&self->log);

	ASSERT_EQ(0, module_unload("hello-2"));
	EXPECT_LOG(&self->log, "Goodbye, world 2");
}

TEST_HARNESS_MAIN
