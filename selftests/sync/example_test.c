// SPDX-License-Identifier: GPL-2.0
/*
 * Example - the lines that the examples of locks and atomics log
 */
#include <kselftest_harness.h>
#include <syslog.h>

#include "lib/kmsg.h"
#include "lib/module.h"

#define MAX_LINES	12

FIXTURE(example)
{
	struct kmsg log;
};

/* .lines ends with "", which kmsg_next() returns at the end of the log. */
FIXTURE_VARIANT(example)
{
	const char *module;
	const char *lines[MAX_LINES];
	const char *exit;
};

FIXTURE_VARIANT_ADD(example, mutex)
{
	.module = "example_mutex",
	.lines = {
		"example_mutex init",
		"mutex is locked",
		"mutex is unlocked",
		"",
	},
	.exit = "example_mutex exit",
};

FIXTURE_VARIANT_ADD(example, spinlock)
{
	.module = "example_spinlock",
	.lines = {
		"example spinlock started",
		"Locked static spinlock",
		"Unlocked static spinlock",
		"Locked dynamic spinlock",
		"Unlocked dynamic spinlock",
		"",
	},
	.exit = "example spinlock exit",
};

FIXTURE_VARIANT_ADD(example, rwlock)
{
	.module = "example_rwlock",
	.lines = {
		"example_rwlock started",
		"Read Locked",
		"Read Unlocked",
		"Write Locked",
		"Write Unlocked",
		"",
	},
	.exit = "example_rwlock exit",
};

FIXTURE_VARIANT_ADD(example, atomic)
{
	.module = "example_atomic",
	.lines = {
		"example_atomic started",
		"chris: 50, debbie: 52",
		"Bits 0: 00000000",
		"Bits 1: 00101000",
		"Bits 2: 00001000",
		"Bits 3: 00000000",
		"Bits 4: 00001000",
		"Bits 5: 11111111",
		"",
	},
	.exit = "example_atomic exit",
};

FIXTURE_SETUP(example)
{
	ASSERT_EQ(0, kmsg_open(&self->log));
	ASSERT_EQ(0, module_load(variant->module, ""));
}

FIXTURE_TEARDOWN(example)
{
	module_unload(variant->module);
	kmsg_close(&self->log);
}

/*
 * ATOMIC-1: a reader sees a record without a newline only after the next record
 * has been logged.
 */
TEST_F(example, load_logs_all_lines_at_once)
{
	const char * const *line = variant->lines;

	do {
		EXPECT_STREQ(*line, kmsg_next(&self->log));
	} while (**line++);
}

TEST_F(example, unload_logs_a_line)
{
	kmsg_skip(&self->log);

	ASSERT_EQ(0, module_unload(variant->module));
	EXPECT_LOG(&self->log, variant->exit);
}

TEST_F(example, logs_at_the_level_of_information)
{
	ASSERT_EQ(0, module_unload(variant->module));
	while (*kmsg_next(&self->log))
		EXPECT_EQ(LOG_INFO, self->log.level);
}

TEST_F(example, shows_the_same_a_second_time)
{
	const char * const *line = variant->lines;

	ASSERT_EQ(0, module_unload(variant->module));
	kmsg_skip(&self->log);
	ASSERT_EQ(0, module_load(variant->module, ""));
	do {
		EXPECT_STREQ(*line, kmsg_next(&self->log));
	} while (**line++);
}

TEST_HARNESS_MAIN
