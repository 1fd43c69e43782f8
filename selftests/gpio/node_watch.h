/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Node watch - whether a node has been created in /dev, even for a moment only
 */
#ifndef _SELFTESTS_GPIO_NODE_WATCH_H
#define _SELFTESTS_GPIO_NODE_WATCH_H

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

/* Starts to watch /dev; returns an inotify descriptor or a negative errno. */
static inline int node_watch_watch(void)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (inotify_add_watch(fd, "/dev", IN_CREATE) < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

/*
 * Returns true if a node @name has been created since the last call, or since
 * the watch was started.  Discards these events.
 */
static inline bool node_watch_has(int fd, const char *name)
{
	char events[4096];
	ssize_t len = read(fd, events, sizeof(events));

	return len > 0 && memmem(events, len, name, strlen(name) + 1);
}

#endif /* _SELFTESTS_GPIO_NODE_WATCH_H */
