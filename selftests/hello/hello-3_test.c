// SPDX-License-Identifier: GPL-2.0
/*
 * Hello 3 - logs a number that is __initdata, which is freed after init
 */
#include <kselftest_harness.h>

#include "lib/kmsg.h"
#include "lib/module.h"

FIXTURE(hello_3)
{
	struct kmsg log;
};

FIXTURE_SETUP(hello_3)
{
	ASSERT_LE(0, kmsg_open(&self->log));
	ASSERT_EQ(0, module_load("hello-3", ""));
}

FIXTURE_TEARDOWN(hello_3)
{
	module_unload("hello-3");
	kmsg_close(&self->log);
}

TEST_F(hello_3, load_says_hello)
{
	EXPECT_LOG(&self->log, "Hello, world 3");
}

TEST_F(hello_3, unload_says_goodbye)
{
	kmsg_skip(&self->log);

	ASSERT_EQ(0, module_unload("hello-3"));
	EXPECT_LOG(&self->log, "Goodbye, world 3");
}

TEST_HARNESS_MAIN
