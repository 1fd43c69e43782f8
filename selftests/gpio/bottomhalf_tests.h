/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bottom half - the slow part of an interrupt handler, which runs later
 *
 * The module runs the slow part in a work item or in a thread.  It takes half a
 * second, and sleeps nearly all of that time.  A test program includes this
 * file and adds a variant for its module.
 */
#ifndef _SELFTESTS_GPIO_BOTTOMHALF_TESTS_H
#define _SELFTESTS_GPIO_BOTTOMHALF_TESTS_H

#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>

#include "button_tests.h"
#include "lib/await.h"
#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/lacking.h"
#include "lib/module.h"
#include "sim.h"

#define HALF_MS		500
#define NR_HALF_LOADS	5

FIXTURE(half)
{
	struct kmsg log;
	int file;
};

/*
 * The lines that the module logs at the start and at the end of the slow part.
 */
FIXTURE_VARIANT(half)
{
	const char *module;
	const char *starts;
	const char *ends;
};

FIXTURE_SETUP(half)
{
	SKIP_IF_LACKING(return, buttons_prepare());
	self->file = module_open(variant->module);
	ASSERT_LE(0, self->file);
	ASSERT_EQ(0, module_reload(variant->module, NO_BOUNCE));
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(half)
{
	module_unload(variant->module);
	kmsg_close(&self->log);
	close(self->file);
}

/*
 * Returns for how many milliseconds all processors together have been busy, or
 * -1.
 */
static inline long half_busy_ms(void)
{
	long user, nice, system, idle, iowait, irq, softirq;
	char text[4096];

	if (file_read("/proc/stat", text, sizeof(text)) < 0 ||
	    sscanf(text, "cpu %ld %ld %ld %ld %ld %ld %ld", &user, &nice,
		   &system, &idle, &iowait, &irq, &softirq) != 7)
		return -1;
	return (user + nice + system + irq + softirq) * 1000 /
	       sysconf(_SC_CLK_TCK);
}

/* BOTTOM-2, BHTHREAD-2: while the slow part sleeps, the processors are free. */
TEST_F(half, takes_its_time_and_holds_no_processor)
{
	long busy, begin;

	EXPECT_EQ(0, sim_pull(ON, true));
	EXPECT_STREQ(variant->starts, kmsg_wait(&self->log));
	begin = await_now_ms();
	busy = half_busy_ms();
	EXPECT_LED_ON();
	EXPECT_STREQ(variant->ends, kmsg_wait(&self->log));
	EXPECT_GT(HALF_MS / 2, half_busy_ms() - busy);
	EXPECT_LT(HALF_MS / 2, await_now_ms() - begin);
	EXPECT_NO_LOG(&self->log);
}

/* BOTTOM-1: an unload during the slow part waits until it has ended. */
TEST_F(half, is_over_when_the_module_has_gone)
{
	EXPECT_EQ(0, sim_pull(ON, true));
	EXPECT_STREQ(variant->starts, kmsg_wait(&self->log));
	ASSERT_EQ(0, module_unload(variant->module));
	EXPECT_LOG(&self->log, variant->ends);
	EXPECT_STREQ("", line_consumer(LED));
}

/*
 * BOTTOM-1: if the slow part has started, the unload waits until it has ended.
 */
TEST_F(half, that_has_begun_has_ended)
{
	const char *line;
	int nr_begun = 0;
	int nr_ended = 0;
	int i;

	for (i = 0; i < NR_HALF_LOADS; i++) {
		EXPECT_EQ(0, sim_pull(ON, true));
		ASSERT_EQ(0, module_unload(variant->module));
		EXPECT_EQ(0, sim_pull(ON, false));
		ASSERT_EQ(0, module_insert(self->file, NO_BOUNCE));
	}
	for (line = kmsg_next(&self->log); *line; line = kmsg_next(&self->log)) {
		nr_begun += !strcmp(line, variant->starts);
		nr_ended += !strcmp(line, variant->ends);
	}
	EXPECT_EQ(nr_begun, nr_ended);
}

/* The slow part runs when a button is pressed, but not when it is released. */
TEST_F(half, is_for_a_press_only)
{
	struct buttons_irq irq;

	EXPECT_EQ(0, sim_pull(OFF, true));
	EXPECT_STREQ(variant->starts, kmsg_wait(&self->log));
	EXPECT_STREQ(variant->ends, kmsg_wait(&self->log));
	EXPECT_EQ(0, sim_pull(OFF, false));
	ASSERT_EQ(0, buttons_find_irq(OFF_IRQ, &irq));
	EXPECT_TRUE(buttons_settle(&irq));
	ASSERT_EQ(0, module_unload(variant->module));
	EXPECT_NO_LOG(&self->log);
}

#endif /* _SELFTESTS_GPIO_BOTTOMHALF_TESTS_H */
