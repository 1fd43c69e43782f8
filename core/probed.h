/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Probed - a platform driver, and the one device that its module has for it
 *
 * A bus does not tell whoever registers a device what the driver's probe() said.
 * Here it does, so that loading a module without its device can fail.
 */
#ifndef _MODPROOF_PROBED_H
#define _MODPROOF_PROBED_H

#include <linux/err.h>
#include <linux/platform_device.h>
#include <linux/types.h>

struct platform_device *probed_device_register(struct platform_driver *driver,
					       const void *data, size_t size);

/**
 * probed_register() - Have a driver and its device, or know why not.
 * @driver: the driver, which probes synchronously; its device has the same name
 * @data: what the driver is told about the device, of which it gets a copy, or
 *	NULL
 * @size: bytes of @data
 *
 * The driver belongs to the module that this is compiled for.
 *
 * Context: Sleeps.
 *
 * Return: the device, for probed_unregister(), or the error of a registration or
 * of probe(): -ENODEV where this was -EPROBE_DEFER.
 */
static inline struct platform_device *
probed_register(struct platform_driver *driver, const void *data, size_t size)
{
	struct platform_device *pdev;
	int err;

	err = platform_driver_register(driver);
	if (err)
		return ERR_PTR(err);

	pdev = probed_device_register(driver, data, size);
	if (IS_ERR(pdev))
		platform_driver_unregister(driver);
	return pdev;
}

/**
 * probed_unregister() - Undo probed_register().
 * @pdev: the device
 * @driver: its driver
 *
 * Context: Sleeps.
 */
static inline void probed_unregister(struct platform_device *pdev,
				     struct platform_driver *driver)
{
	platform_device_unregister(pdev);
	platform_driver_unregister(driver);
}

#endif /* _MODPROOF_PROBED_H */
