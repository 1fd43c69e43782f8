/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Console - the virtual consoles, and the LEDs of the keyboard
 *
 * The LEDs belong to the console in the foreground.  They show either what a
 * program has set or the flags of that console, which depends on its mode.  A
 * test sets different flags for each console, to see which console the LEDs
 * show.  A tasklet updates the LEDs.
 */
#ifndef _SELFTESTS_TTY_CONSOLE_H
#define _SELFTESTS_TTY_CONSOLE_H

#include <errno.h>
#include <fcntl.h>
#include <linux/kd.h>
#include <linux/vt.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/await.h"
#include "lib/sysret.h"
#include "lib/timeout.h"

#define CONSOLE_ALL_LEDS	(LED_SCR | LED_NUM | LED_CAP)
#define CONSOLE_POLL_US		2000

static inline int console_open(int nr)
{
	char path[16];

	snprintf(path, sizeof(path), "/dev/tty%d", nr);
	return sysret(open(path, O_RDWR | O_NOCTTY | O_CLOEXEC));
}

/*
 * Brings the console @nr, counted from 1, to the foreground.  That console need
 * not be open; @fd may be any console.
 */
static inline int console_show(int fd, int nr)
{
	int err = sysret(ioctl(fd, VT_ACTIVATE, nr));

	return err ? err : sysret(ioctl(fd, VT_WAITACTIVE, nr));
}

/*
 * Sets a console's flags and their default, and lets the LEDs show the flags.
 */
static inline int console_set_flags(int fd, int flags)
{
	int err = sysret(ioctl(fd, KDSKBLED, flags | flags << 4));

	return err ? err : sysret(ioctl(fd, KDSETLED, 0xff));
}

/*
 * Returns the LEDs that are lit, or a negative errno.  @fd may be any console.
 */
static inline int console_leds(int fd)
{
	char leds;

	return ioctl(fd, KDGETLED, &leds) ? -errno : leds;
}

/*
 * Waits until the LEDs show @leds.  Returns false on timeout.  Polls, because
 * no event reports a change.
 */
static inline bool console_await(int fd, int leds, int ms)
{
	long end = await_now_ms() + ms;

	while (console_leds(fd) != leds) {
		if (await_now_ms() > end)
			return false;
		usleep(CONSOLE_POLL_US);
	}
	return true;
}

/*
 * Deallocates a console that has been closed.  Waits until the close has taken
 * effect.
 */
static inline int console_deallocate(int fd, int nr)
{
	long end = await_now_ms() + slow(AWAIT_LIMIT_MS);
	int err;

	do {
		usleep(CONSOLE_POLL_US);
		err = sysret(ioctl(fd, VT_DISALLOCATE, nr));
	} while (err == -EBUSY && await_now_ms() < end);
	return err;
}

/* A macro, so that a failed expectation reports the line of the test. */
#define EXPECT_LEDS(fd, leds) do {					\
	int fd_ = (fd);							\
									\
	EXPECT_TRUE(console_await(fd_, leds, slow(AWAIT_LIMIT_MS))) {		\
		TH_LOG("the LEDs show %d", console_leds(fd_));		\
	}								\
} while (0)

#endif /* _SELFTESTS_TTY_CONSOLE_H */
