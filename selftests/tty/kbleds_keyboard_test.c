// SPDX-License-Identifier: GPL-2.0
/*
 * Kbleds - the LED states that the kernel sends to the keyboard's driver
 */
#include <fcntl.h>
#include <kselftest_harness.h>
#include <limits.h>
#include <linux/input.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/param.h>
#include <unistd.h>

#include "console.h"
#include "lib/await.h"
#include "lib/evdev.h"
#include "lib/lacking.h"
#include "lib/module.h"
#include "lib/timeout.h"

#define MODULE		"kbleds"
/* The driver of the controller to which a PC's keyboard is attached. */
#define I8042		"/sys/bus/platform/drivers/i8042"
#define NR_EVENT_NODES	8
/* One bit for each of LED_NUML, LED_CAPSL and LED_SCROLLL. */
#define ALL_LEDS	0x07
#define CHANGE_MS	200
/* How late a change of the LEDs may be, or the test may notice it. */
#define SLACK_MS	150
/*
 * The number of periods that the test measures.  If it notices only one change
 * late, the median of three is not affected.
 */
#define NR_PERIODS	3

/* Opens the first keyboard that has LEDs.  Returns a descriptor, or -1. */
static int open_keyboard(void)
{
	unsigned long leds;
	char path[32];
	int fd;
	int i;

	for (i = 0; i < NR_EVENT_NODES; i++) {
		snprintf(path, sizeof(path), "/dev/input/event%d", i);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		leds = 0;
		ioctl(fd, EVIOCGBIT(EV_LED, sizeof(leds)), &leds);
		if (leds & 1UL << LED_CAPSL)
			return fd;
		close(fd);
	}
	return -1;
}

/*
 * Waits until the LEDs of a keyboard are as expected.  Returns false on
 * timeout.
 */
static bool await_leds(int fd, unsigned long expected)
{
	long end = await_now_ms() + slow(AWAIT_LIMIT_MS);
	unsigned long leds = 0;

	while (ioctl(fd, EVIOCGLED(sizeof(leds)), &leds) < 0 ||
	       leds != expected) {
		if (await_now_ms() > end)
			return false;
		usleep(CONSOLE_POLL_US);
	}
	return true;
}

FIXTURE(keyboard)
{
	int console;
	int fd;
};

FIXTURE_SETUP(keyboard)
{
	SKIP_IF_LACKING(return, evdev_lacking());
	self->fd = open_keyboard();
	if (self->fd < 0)
		SKIP(return, "%s", access(I8042, F_OK) ?
					   "needs CONFIG_SERIO_I8042" :
					   "needs CONFIG_KEYBOARD_ATKBD");

	module_unload(MODULE);
	self->console = console_open(1);
	ASSERT_LE(0, self->console);
	ASSERT_EQ(0, console_show(self->console, 1));
	ASSERT_EQ(0, console_set_flags(self->console, 0));
	ASSERT_TRUE(await_leds(self->fd, 0));
}

FIXTURE_TEARDOWN(keyboard)
{
	module_unload(MODULE);
	console_set_flags(self->console, 0);
	close(self->console);
	close(self->fd);
}

TEST_F(keyboard, has_all_leds_lit_and_restored)
{
	ASSERT_EQ(0, module_load(MODULE, ""));
	EXPECT_TRUE(await_leds(self->fd, ALL_LEDS));
	EXPECT_TRUE(await_leds(self->fd, 0));
	EXPECT_TRUE(await_leds(self->fd, ALL_LEDS));

	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_TRUE(await_leds(self->fd, 0));
}

TEST_F(keyboard, has_leds_again_that_show_its_state)
{
	ASSERT_EQ(0, console_set_flags(self->console, LED_CAP));
	ASSERT_EQ(0, module_load(MODULE, ""));
	EXPECT_TRUE(await_leds(self->fd, ALL_LEDS));
	EXPECT_TRUE(await_leds(self->fd, 1UL << LED_CAPSL));
}

/*
 * Waits until the LEDs are off and then lit again.  Returns the time, in
 * milliseconds, or -1.
 */
static long next_lit_ms(int fd)
{
	if (!await_leds(fd, 0) || !await_leds(fd, ALL_LEDS))
		return -1;
	return await_now_ms();
}

/*
 * KBLEDS-6: every second change lights the LEDs.  On a busy machine, the test
 * may notice a change late.
 */
TEST_F(keyboard, changes_five_times_a_second)
{
	long shortest = LONG_MAX;
	long longest = 0;
	long all = 0;
	long before, lit;
	long median;
	int i;

	ASSERT_EQ(0, module_load(MODULE, ""));
	before = next_lit_ms(self->fd);
	ASSERT_LE(0, before);
	for (i = 0; i < NR_PERIODS; i++, before = lit) {
		lit = next_lit_ms(self->fd);
		ASSERT_LE(before, lit);
		shortest = MIN(shortest, lit - before);
		longest = MAX(longest, lit - before);
		all += lit - before;
	}
	median = all - shortest - longest;
	EXPECT_LE(2 * CHANGE_MS - SLACK_MS, median);
	EXPECT_GE(2 * CHANGE_MS + 4 * SLACK_MS, median);
}

TEST_HARNESS_MAIN
