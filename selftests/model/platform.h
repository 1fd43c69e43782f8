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
 * Files of a soak.  Binding a bound device returns -EBUSY, unbinding an unbound
 * one -ENODEV.
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

/* Writes to the driver's file @verb, bind or unbind; returns 0 or an error. */
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

/* Permits only this driver for a device; with "\n", its own driver again. */
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
