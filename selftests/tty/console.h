/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Console - the virtual consoles, and what the LEDs of the keyboard show
 *
 * Each console has a mode, in which the LEDs show either what a program has set
 * or the console's flags.  To see which, a console has flags of its own.  What is
 * shown is that of the console in the foreground; a tasklet brings it up to date.
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

#include "await.h"
#include "slow.h"
#include "sysret.h"

#define CONSOLE_ALL_LEDS	(LED_SCR | LED_NUM | LED_CAP)
#define CONSOLE_POLL_US		2000

static inline int console_open(int nr)
{
	char path[16];

	snprintf(path, sizeof(path), "/dev/tty%d", nr);
	return sysret(open(path, O_RDWR | O_NOCTTY | O_CLOEXEC));
}

/* Brings a console to the foreground, counted from 1, open or not. */
static inline int console_show(int fd, int nr)
{
	int err = sysret(ioctl(fd, VT_ACTIVATE, nr));

	return err ? err : sysret(ioctl(fd, VT_WAITACTIVE, nr));
}

/* Has a console show its flags, now and after each reset. */
static inline int console_set_flags(int fd, int flags)
{
	int err = sysret(ioctl(fd, KDSKBLED, flags | flags << 4));

	return err ? err : sysret(ioctl(fd, KDSETLED, 0xff));
}

/* Gives what the LEDs show; any console will do. */
static inline int console_leds(int fd)
{
	char leds;

	return ioctl(fd, KDGETLED, &leds) ? -errno : leds;
}

/* Tells whether the LEDs come to show something, which wakes up nobody. */
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

/* Takes a closed console away; that it is closed takes a moment to be known. */
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
