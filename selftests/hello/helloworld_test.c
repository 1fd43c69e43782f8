// SPDX-License-Identifier: GPL-2.0
/*
 * Hello world - logs two lines at a level that the console shows
 */
#include <kselftest_harness.h>
#include <syslog.h>

#include "lib/kmsg.h"
#include "lib/module.h"

FIXTURE(helloworld)
{
	struct kmsg log;
};

FIXTURE_SETUP(helloworld)
{
	ASSERT_LE(0, kmsg_open(&self->log));
	ASSERT_EQ(0, module_load("helloworld", ""));
}

FIXTURE_TEARDOWN(helloworld)
{
	module_unload("helloworld");
	kmsg_close(&self->log);
}

/* HELLO004-1: the module did not compile. */
TEST_F(helloworld, load_says_hello)
{
	EXPECT_LOG(&self->log, "Hello, world");
}

TEST_F(helloworld, unload_says_goodbye)
{
	kmsg_skip(&self->log);

	ASSERT_EQ(0, module_unload("helloworld"));
	EXPECT_LOG(&self->log, "Goodbye, you awesome people");
}

TEST_F(helloworld, speaks_at_the_level_of_an_alert)
{
	kmsg_next(&self->log);
	EXPECT_EQ(LOG_ALERT, self->log.level);

	ASSERT_EQ(0, module_unload("helloworld"));
	kmsg_next(&self->log);
	EXPECT_EQ(LOG_ALERT, self->log.level);
}

TEST_HARNESS_MAIN
