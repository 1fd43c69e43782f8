/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Platform - bind and unbind devices and drivers of the platform bus
 */
#ifndef _SELFTESTS_MODEL_PLATFORM_H
#define _SELFTESTS_MODEL_PLATFORM_H

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/file.h"

#define PLATFORM_DEVICES	"/sys/bus/platform/devices/"
#define PLATFORM_DRIVERS	"/sys/bus/platform/drivers/"

/*
 * Files that the soak writes to.  A bind of a bound device returns -EBUSY, and
 * an unbind of an unbound device returns -ENODEV.
 */
#define PLATFORM_BIND(driver, device)					\
	{ PLATFORM_DRIVERS driver "/bind", { device } }
#define PLATFORM_UNBIND(driver, device)					\
	{ PLATFORM_DRIVERS driver "/unbind", { device } }

static inline bool platform_is_bound(const char *device, const char *driver)
{
	char path[256];

	snprintf(path, sizeof(path), PLATFORM_DRIVERS "%s/%s", driver, device);
	return !access(path, F_OK);
}

/*
 * Writes the name of the device to the driver's file @verb, "bind" or "unbind".
 * Returns 0 or a negative errno.
 */
static inline int platform_tell(const char *verb, const char *device,
				const char *driver)
{
	char path[256];
	long ret;

	snprintf(path, sizeof(path), PLATFORM_DRIVERS "%s/%s", driver, verb);
	ret = file_write(path, device);
	return ret < 0 ? ret : 0;
}

static inline int platform_bind(const char *device, const char *driver)
{
	return platform_tell("bind", device, driver);
}

static inline int platform_unbind(const char *device, const char *driver)
{
	return platform_tell("unbind", device, driver);
}

/*
 * Lets only this driver bind to a device.  If @driver is "\n", lets the
 * device's own driver bind again.
 */
static inline int platform_override(const char *device, const char *driver)
{
	char path[256];
	long ret;

	snprintf(path, sizeof(path), PLATFORM_DEVICES "%s/driver_override",
		 device);
	ret = file_write(path, driver);
	return ret < 0 ? ret : 0;
}

#endif /* _SELFTESTS_MODEL_PLATFORM_H */
