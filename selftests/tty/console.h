/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Console - the virtual consoles, and what the LEDs of the keyboard show
 *
 * By the mode of a console, the LEDs show either what a program has set or the
 * console's flags.  A test sets different flags for each console, to see which
 * one is shown.  The LEDs show the console in the foreground; a tasklet updates
 * them.
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

/* Brings a console, counted from 1, to the foreground; it may be closed. */
static inline int console_show(int fd, int nr)
{
	int err = sysret(ioctl(fd, VT_ACTIVATE, nr));

	return err ? err : sysret(ioctl(fd, VT_WAITACTIVE, nr));
}

/* Sets a console's flags, now and after a reset, and has the LEDs show them. */
static inline int console_set_flags(int fd, int flags)
{
	int err = sysret(ioctl(fd, KDSKBLED, flags | flags << 4));

	return err ? err : sysret(ioctl(fd, KDSETLED, 0xff));
}

/* Returns what the LEDs show, or a negative errno; @fd may be any console. */
static inline int console_leds(int fd)
{
	char leds;

	return ioctl(fd, KDGETLED, &leds) ? -errno : leds;
}

/* Polls until the LEDs show @leds, which no event reports; false on timeout. */
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

/* Deallocates a closed console; waits until the close has taken effect. */
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
