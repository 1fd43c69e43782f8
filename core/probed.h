/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Probed - a platform device of a module that has the driver for it, too
 *
 * A bus does not tell whoever registers a device what the driver's probe() said.
 * Here it does, so that loading a module without its device can fail.
 */
#ifndef _MODPROOF_PROBED_H
#define _MODPROOF_PROBED_H

#include <linux/platform_device.h>
#include <linux/types.h>

struct platform_device *probed_device_register(struct platform_driver *driver,
					       const void *data, size_t size);

#endif /* _MODPROOF_PROBED_H */
