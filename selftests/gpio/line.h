/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Line - information about a GPIO line, and requests for a line
 */
#ifndef _SELFTESTS_GPIO_LINE_H
#define _SELFTESTS_GPIO_LINE_H

#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/sysret.h"
#include "sim.h"

static inline int line_chip_open(void)
{
	char node[48];
	int err = sim_node(node, sizeof(node));

	return err ? err : sysret(open(node, O_RDWR | O_CLOEXEC));
}

/* Returns 0 or an error.  After an error, @info describes an unused line. */
static inline int line_info(int line, struct gpio_v2_line_info *info)
{
	int chip = line_chip_open();
	int err;

	memset(info, 0, sizeof(*info));
	if (chip < 0)
		return chip;
	info->offset = line;
	err = sysret(ioctl(chip, GPIO_V2_GET_LINEINFO_IOCTL, info));
	close(chip);
	return err;
}

/* Returns the name of a line's consumer, or "" if the line is not in use. */
static inline const char *line_consumer(int line)
{
	static struct gpio_v2_line_info info;

	if (line_info(line, &info) || !(info.flags & GPIO_V2_LINE_FLAG_USED))
		return "";
	return info.consumer;
}

static inline bool line_is_output(int line)
{
	struct gpio_v2_line_info info;

	return !line_info(line, &info) &&
	       info.flags & GPIO_V2_LINE_FLAG_OUTPUT;
}

/* Requests a line as an input, until the returned descriptor is closed. */
static inline int line_take(int line)
{
	struct gpio_v2_line_request request = {
		.offsets = { line },
		.num_lines = 1,
		.consumer = "somebody else",
		.config.flags = GPIO_V2_LINE_FLAG_INPUT,
	};
	int chip = line_chip_open();
	int err;

	if (chip < 0)
		return chip;
	err = sysret(ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request));
	close(chip);
	return err ? err : request.fd;
}

#endif /* _SELFTESTS_GPIO_LINE_H */
