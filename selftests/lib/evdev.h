/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Evdev - a check for /dev/input/event*, which may be built in or a module
 */
#ifndef _SELFTESTS_LIB_EVDEV_H
#define _SELFTESTS_LIB_EVDEV_H

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "task.h"

static inline int evdev_modprobe(void *arg)
{
	execlp("modprobe", "modprobe", "-q", "evdev", NULL);
	return -errno;
}

static inline bool evdev_is_there(void)
{
	char handlers[1024];

	return file_read("/proc/bus/input/handlers", handlers,
			 sizeof(handlers)) > 0 && strstr(handlers, "Name=evdev");
}

/*
 * Returns what the kernel lacks for /dev/input/event*, or NULL; loads evdev if
 * needed.
 */
static inline const char *evdev_lacking(void)
{
	if (!evdev_is_there())
		task_run(evdev_modprobe, NULL);
	return evdev_is_there() ? NULL : "needs CONFIG_INPUT_EVDEV";
}

#endif /* _SELFTESTS_LIB_EVDEV_H */
