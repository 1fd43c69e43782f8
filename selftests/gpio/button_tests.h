/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Buttons - tests of the modules that have two buttons and a LED
 *
 * The tests cover the lines, the interrupts, loading and unloading.  A test
 * program includes this file and adds a variant for its module.
 */
#ifndef _SELFTESTS_GPIO_BUTTON_TESTS_H
#define _SELFTESTS_GPIO_BUTTON_TESTS_H

#include <dirent.h>
#include <errno.h>
#include <kselftest_harness.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/await.h"
#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/lacking.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/timeout.h"
#include "line.h"
#include "sim.h"

#define LED		4
#define ON		17
#define OFF		18
#define ON_IRQ		"gpiomod#button1"
#define OFF_IRQ		"gpiomod#button2"
#define BUTTONS_DRIVERS	"/sys/bus/platform/drivers/"

/*
 * Debounce times.  With NO_BOUNCE, the module handles each edge.
 * ENDLESS_BOUNCE is longer than any test takes.
 */
#define NO_BOUNCE	"bounce_ms=0"
#define ENDLESS_BOUNCE	"bounce_ms=4000000000"

/* A button's interrupt: its number, how often it occurred, and its thread. */
struct buttons_irq {
	int nr;
	unsigned long count;
	pid_t thread;
};

/*
 * Returns the sum of the counts in @numbers, one for each processor.  The name
 * of the interrupt chip follows them.
 */
static inline unsigned long buttons_sum(const char *numbers)
{
	unsigned long sum = 0;
	const char *end;

	for (;;) {
		sum += strtoul(numbers, (char **)&end, 10);
		if (end == numbers)
			return sum;
		numbers = end;
	}
}

/*
 * Reads the number and the count of the interrupt @name from /proc/interrupts.
 * Returns 0 or a negative errno.
 */
static inline int buttons_read_irq(const char *name, struct buttons_irq *irq)
{
	static char text[16384];
	char *at;

	if (file_read("/proc/interrupts", text, sizeof(text)) < 0)
		return -EIO;
	at = strstr(text, name);
	if (!at)
		return -ENOENT;
	while (at > text && at[-1] != '\n')
		at--;
	irq->nr = strtol(at, &at, 10);
	irq->count = buttons_sum(at + 1);
	return 0;
}

/*
 * Waits until an interrupt has occurred @count times or the timeout has passed.
 * Returns how often it has occurred.
 */
static inline unsigned long buttons_await_count(const char *name,
						unsigned long count)
{
	const long end = await_now_ms() + slow(AWAIT_LIMIT_MS);
	struct buttons_irq irq = {};

	while (!buttons_read_irq(name, &irq) && irq.count < count &&
	       await_now_ms() < end)
		sched_yield();
	return irq.count;
}

/*
 * Returns the pid of the process whose name begins with @start.  If there are
 * several, returns the pid that /proc lists last.
 */
static inline pid_t buttons_find_thread(const char *start)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	char path[300];
	char comm[32];
	pid_t found = -ESRCH;

	if (!proc)
		return -errno;
	while ((entry = readdir(proc))) {
		if (atoi(entry->d_name) <= 0)
			continue;
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		if (file_read(path, comm, sizeof(comm)) > 0 &&
		    !strncmp(comm, start, strlen(start)))
			found = atoi(entry->d_name);
	}
	closedir(proc);
	return found;
}

static inline int buttons_find_irq(const char *name, struct buttons_irq *irq)
{
	int err = buttons_read_irq(name, irq);
	char start[32];

	if (err)
		return err;
	snprintf(start, sizeof(start), "irq/%d-", irq->nr);
	irq->thread = buttons_find_thread(start);
	return irq->thread < 0 ? irq->thread : 0;
}

static inline bool buttons_is_asleep(pid_t thread)
{
	return await_state(thread) == 'S';
}

/* Waits until the interrupt's thread is idle; returns false after a timeout. */
static inline bool buttons_settle(const struct buttons_irq *irq)
{
	return await(buttons_is_asleep, irq->thread);
}

static inline bool buttons_led_is_on(pid_t unused)
{
	return sim_value(LED) == 1;
}

static inline bool buttons_led_is_off(pid_t unused)
{
	return sim_value(LED) == 0;
}

/* Macros, so that a failed expectation reports the line of the test. */
#define EXPECT_LED_ON()		EXPECT_TRUE(await(buttons_led_is_on, 0))
#define EXPECT_LED_OFF()	EXPECT_TRUE(await(buttons_led_is_off, 0))

/*
 * Creates the simulated chip, with no button pressed.  Returns what the kernel
 * lacks for it, or NULL.
 */
static inline const char *buttons_prepare(void)
{
	const char *lacking = sim_prepare();

	if (!lacking && (sim_pull(ON, false) || sim_pull(OFF, false) ||
			 sim_pull(LED, false)))
		return "the simulator has no lines";
	return lacking;
}

/* A loaded module with its buttons. */
FIXTURE(buttons)
{
	struct kmsg log;
	struct buttons_irq on;
	struct buttons_irq off;
};

FIXTURE_VARIANT(buttons)
{
	const char *module;
};

FIXTURE_SETUP(buttons)
{
	SKIP_IF_LACKING(return, buttons_prepare());
	ASSERT_EQ(0, kmsg_open(&self->log));
	ASSERT_EQ(0, module_reload(variant->module, NO_BOUNCE));
	ASSERT_EQ(0, buttons_find_irq(ON_IRQ, &self->on));
	ASSERT_EQ(0, buttons_find_irq(OFF_IRQ, &self->off));
}

FIXTURE_TEARDOWN(buttons)
{
	module_unload(variant->module);
	kmsg_close(&self->log);
}

/*
 * INTRPT-1, BOTTOM-3: the module did not build for some kernels, on which this
 * test would not find it.  INTRPT-5: the line of the LED stayed an input.
 */
TEST_F(buttons, have_lines_with_names)
{
	EXPECT_STREQ("LED 1", line_consumer(LED));
	EXPECT_STREQ("LED 1 ON BUTTON", line_consumer(ON));
	EXPECT_STREQ("LED 1 OFF BUTTON", line_consumer(OFF));
	EXPECT_TRUE(line_is_output(LED));
	EXPECT_FALSE(line_is_output(ON));
	EXPECT_FALSE(line_is_output(OFF));
	EXPECT_EQ(0, sim_value(LED));
}

TEST_F(buttons, load_is_logged)
{
	char on[64];
	char off[64];

	snprintf(on, sizeof(on), "Successfully requested BUTTON1 IRQ # %d",
		 self->on.nr);
	snprintf(off, sizeof(off), "Successfully requested BUTTON2 IRQ # %d",
		 self->off.nr);
	EXPECT_LOG(&self->log, "Current button1 value: 0", on, off);
}

TEST_F(buttons, unload_leaves_no_line_and_no_interrupt)
{
	kmsg_skip(&self->log);
	ASSERT_EQ(0, module_unload(variant->module));
	EXPECT_STREQ("", line_consumer(LED));
	EXPECT_STREQ("", line_consumer(ON));
	EXPECT_STREQ("", line_consumer(OFF));
	EXPECT_EQ(-ENOENT, buttons_read_irq(ON_IRQ, &self->on));
	EXPECT_EQ(-ENOENT, buttons_read_irq(OFF_IRQ, &self->off));
	EXPECT_EQ(0, sim_pull(ON, true));
	EXPECT_EQ(0, sim_pull(ON, false));
	EXPECT_NO_LOG(&self->log);
}

/* The rising edge and the falling edge each cause an interrupt. */
TEST_F(buttons, each_edge_interrupts)
{
	const unsigned long on = self->on.count;

	EXPECT_EQ(0, sim_pull(ON, true));
	EXPECT_EQ(on + 1, buttons_await_count(ON_IRQ, on + 1));
	EXPECT_EQ(0, sim_pull(ON, false));
	EXPECT_EQ(on + 2, buttons_await_count(ON_IRQ, on + 2));
	EXPECT_EQ(self->off.count, buttons_await_count(OFF_IRQ, 0));
}

/*
 * INTRPT-5, INTRPT-6, BHTHREAD-1: an access to a line of the simulator may
 * sleep.  The kernel warns if the module accesses one in atomic context.
 */
TEST_F(buttons, turn_the_led_on_and_off)
{
	EXPECT_EQ(0, sim_pull(ON, true));
	EXPECT_LED_ON();
	EXPECT_EQ(0, sim_pull(OFF, true));
	EXPECT_LED_OFF();
}

/* Which lines the module accepts when it is loaded. */
FIXTURE(lines)
{
	struct kmsg log;
	int taken;
};

FIXTURE_VARIANT(lines)
{
	const char *module;
};

FIXTURE_SETUP(lines)
{
	self->taken = -1;
	SKIP_IF_LACKING(return, buttons_prepare());
	ASSERT_EQ(0, kmsg_open(&self->log));
	module_unload(variant->module);
}

FIXTURE_TEARDOWN(lines)
{
	if (self->taken >= 0)
		close(self->taken);
	module_unload(variant->module);
	kmsg_close(&self->log);
}

static bool lines_are_free(void)
{
	struct buttons_irq irq;

	return !*line_consumer(LED) && !*line_consumer(ON) &&
	       buttons_read_irq(ON_IRQ, &irq) == -ENOENT &&
	       buttons_read_irq(OFF_IRQ, &irq) == -ENOENT;
}

/*
 * INTRPT-2, INTRPT-3, BOTTOM-4, BHTHREAD-3: the interrupt of the first button
 * was not freed, and the next press called a handler in freed memory.
 */
TEST_F(lines, second_button_that_is_busy_is_refused)
{
	self->taken = line_take(OFF);
	ASSERT_LE(0, self->taken);
	EXPECT_EQ(-EBUSY, module_load(variant->module, ""));
	EXPECT_TRUE(lines_are_free());
	EXPECT_STREQ("somebody else", line_consumer(OFF));
	EXPECT_EQ(0, sim_pull(ON, true));
	EXPECT_EQ(0, sim_pull(ON, false));

	close(self->taken);
	self->taken = -1;
	EXPECT_EQ(0, module_load(variant->module, ""));
}

TEST_F(lines, first_button_that_is_busy_is_refused)
{
	self->taken = line_take(ON);
	ASSERT_LE(0, self->taken);
	EXPECT_EQ(-EBUSY, module_load(variant->module, ""));
	EXPECT_STREQ("", line_consumer(LED));
	EXPECT_STREQ("", line_consumer(OFF));
}

TEST_F(lines, that_are_the_same_are_refused)
{
	EXPECT_EQ(-EBUSY, module_load(variant->module, "led=17"));
	EXPECT_EQ(-EBUSY, module_load(variant->module, "button_off=17"));
	EXPECT_TRUE(lines_are_free());
}

/* INTRPT-4, BHTHREAD-4 */
TEST_F(lines, that_are_not_there_are_refused)
{
	char driver[64];

	EXPECT_EQ(-ENODEV, module_load(variant->module, "chip=nowhere"));
	EXPECT_EQ(-EINVAL, module_load(variant->module, "button_off=20"));
	EXPECT_EQ(-EINVAL, module_load(variant->module, "button_on=-1"));
	EXPECT_EQ(-ERANGE, module_load(variant->module, "led=65536"));
	EXPECT_EQ(-ERANGE, module_load(variant->module, "bounce_ms=4294967296"));
	EXPECT_TRUE(lines_are_free());
	snprintf(driver, sizeof(driver), BUTTONS_DRIVERS "%s", variant->module);
	EXPECT_EQ(-ENOENT, sysret(access(driver, F_OK)));
}

TEST_F(lines, any_of_the_chip_will_do)
{
	struct buttons_irq irq;

	ASSERT_EQ(0, module_load(variant->module, "chip=" SIM_LABEL
				 " led=0 button_on=1 button_off=19"));
	EXPECT_STREQ("LED 1", line_consumer(0));
	EXPECT_STREQ("LED 1 ON BUTTON", line_consumer(1));
	EXPECT_STREQ("LED 1 OFF BUTTON", line_consumer(19));
	EXPECT_STREQ("", line_consumer(LED));
	EXPECT_EQ(0, buttons_find_irq(ON_IRQ, &irq));
}

static inline int load_without_a_chip(const char *module)
{
	module_unload(module);
	return module_load(module, "chip=nowhere");
}

#endif /* _SELFTESTS_GPIO_BUTTON_TESTS_H */
