/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trace - the values that GPIO lines have been set to, in order
 *
 * When a line is released, the simulator loses the value of the output.  The
 * kernel's trace of gpio_value events keeps it.
 */
#ifndef _SELFTESTS_GPIO_TRACE_H
#define _SELFTESTS_GPIO_TRACE_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "lib/file.h"

#define TRACE_FS	"/sys/kernel/tracing"
#define TRACE_VALUE	TRACE_FS "/events/gpio/gpio_value"
#define TRACE_LACKING	"needs CONFIG_FTRACE"

/* Clears and enables the trace; returns what the kernel lacks, or NULL. */
static inline const char *trace_start(void)
{
	mount("none", TRACE_FS, "tracefs", 0, NULL);
	if (access(TRACE_VALUE, F_OK))
		return TRACE_LACKING;
	file_write(TRACE_FS "/trace", "");
	file_write(TRACE_VALUE "/enable", "1");
	return NULL;
}

static inline void trace_stop(void)
{
	file_write(TRACE_VALUE "/enable", "0");
	file_write(TRACE_FS "/trace", "");
}

/*
 * Returns the value that a line has been set to last, or -1 if there is none.
 */
static inline int trace_last_set(void)
{
	static char text[16384];
	const char *at = text;
	int last = -1;
	int value;

	if (file_read(TRACE_FS "/trace", text, sizeof(text)) < 0)
		return -1;
	while ((at = strstr(at, "gpio_value: "))) {
		if (sscanf(at, "gpio_value: %*d set %d", &value) == 1)
			last = value;
		at++;
	}
	return last;
}

#endif /* _SELFTESTS_GPIO_TRACE_H */
