/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Terminal - a pseudo terminal whose user is a process with its own session
 *
 * The user of the terminal runs a function.  The test reads at the other end
 * what this writes.  When the user ends, the terminal hangs up and loses what
 * has not been read.  The user therefore writes TERMINAL_END after its function
 * has returned, and then waits until the test calls terminal_end().
 */
#ifndef _SELFTESTS_TTY_TERMINAL_H
#define _SELFTESTS_TTY_TERMINAL_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "lib/await.h"
#include "lib/gate.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "lib/timeout.h"

#define TERMINAL_END	"~~~~"

/* The unread bytes that a line discipline can keep: N_TTY_BUF_SIZE - 1. */
#define TERMINAL_UNREAD	4095

/**
 * struct terminal - a pair of pseudo terminals
 * @near: the master, which the test uses, or -1 if it is closed
 * @far: the slave, which is the terminal of the user
 * @leave: lets the user's process end
 * @fn: the function that the user runs on the terminal
 * @arg: the argument of @fn
 */
struct terminal {
	int near;
	int far;
	struct gate leave;
	int (*fn)(void *arg);
	void *arg;
};

static inline int terminal_open(struct terminal *tty)
{
	tty->near = sysret(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
	if (tty->near < 0)
		return tty->near;
	if (unlockpt(tty->near))
		return -errno;
	tty->far = sysret(ioctl(tty->near, TIOCGPTPEER, O_RDWR | O_NOCTTY));
	return tty->far < 0 ? tty->far : gate_init(&tty->leave);
}

/*
 * Closes the master, as a terminal emulator does when a user closes its window.
 */
static inline void terminal_hang_up(struct terminal *tty)
{
	close(tty->near);
	tty->near = -1;
}

static inline void terminal_close(struct terminal *tty)
{
	terminal_hang_up(tty);
	close(tty->far);
	gate_destroy(&tty->leave);
}

/* Returns the number of /dev/pts/<number>, or a negative errno. */
static inline int terminal_number(const struct terminal *tty)
{
	int nr;

	return ioctl(tty->near, TIOCGPTN, &nr) ? -errno : nr;
}

static inline int terminal_use(void *arg)
{
	struct terminal *tty = arg;
	int err;

	terminal_hang_up(tty);
	signal(SIGHUP, SIG_IGN);
	if (setsid() < 0 || ioctl(tty->far, TIOCSCTTY, 0))
		return -errno;

	err = tty->fn(tty->arg);
	if (write(tty->far, TERMINAL_END, strlen(TERMINAL_END)) > 0)
		gate_wait(&tty->leave);
	return err;
}

/*
 * Starts the user, which runs @fn.  terminal_end() returns the result of @fn.
 */
static inline pid_t terminal_start(struct terminal *tty, int (*fn)(void *arg),
				   void *arg)
{
	tty->fn = fn;
	tty->arg = arg;
	return task_start(terminal_use, tty);
}

static inline int terminal_end(struct terminal *tty, pid_t user)
{
	gate_open(&tty->leave);
	return await_task(user);
}

/* Cuts off TERMINAL_END.  Returns false if the text does not have it. */
static inline bool terminal_cut_end(char *text)
{
	char *end = strstr(text, TERMINAL_END);

	if (end)
		*end = '\0';
	return end;
}

/*
 * Returns what the user has written, up to TERMINAL_END, with a NUL at its end.
 */
static inline const char *terminal_read(struct terminal *tty, char *text,
					size_t size)
{
	struct pollfd near = { .fd = tty->near, .events = POLLIN };
	size_t len = 0;
	ssize_t ret;

	do {
		if (poll(&near, 1, slow(AWAIT_LIMIT_MS)) != 1)
			return "(nothing more)";
		ret = read(tty->near, text + len, size - 1 - len);
		if (ret <= 0)
			return "(no end)";
		len += ret;
		text[len] = '\0';
	} while (!terminal_cut_end(text));

	return text;
}

static inline bool terminal_is_unread(const struct terminal *tty)
{
	int nr = 0;

	return !ioctl(tty->near, FIONREAD, &nr) && nr == TERMINAL_UNREAD;
}

/*
 * Writes to the terminal until it is full, and returns the number of bytes.
 * While written bytes are on their way to the other end, there may be room
 * again soon.  The terminal is full only if the other end cannot keep more
 * bytes, either.
 */
static inline int terminal_fill(const struct terminal *tty)
{
	const int flags = fcntl(tty->far, F_GETFL);
	char dots[1024];
	bool is_full = false;
	int len = 0;
	ssize_t ret;

	memset(dots, '.', sizeof(dots));
	fcntl(tty->far, F_SETFL, flags | O_NONBLOCK);
	do {
		is_full = terminal_is_unread(tty);
		while ((ret = write(tty->far, dots, sizeof(dots))) > 0)
			len += ret;
		sched_yield();
	} while (!is_full && errno == EAGAIN);
	fcntl(tty->far, F_SETFL, flags);
	return errno == EAGAIN ? len : -errno;
}

#endif /* _SELFTESTS_TTY_TERMINAL_H */
