/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Probed - a platform driver and its one device, registered by the same module
 *
 * The driver core does not return the error of probe() to the code that
 * registers the device.  These functions return it, so that loading the module
 * fails if probe() fails.  platform_create_bundle() is not used: it returns
 * -ENODEV for every error of probe(), and its device cannot be unbound and
 * bound again.
 */
#ifndef _MODPROOF_PROBED_H
#define _MODPROOF_PROBED_H

#include <linux/err.h>
#include <linux/platform_device.h>
#include <linux/types.h>

struct platform_device *probed_device_register(struct platform_driver *driver,
					       const void *data, size_t size);

/**
 * probed_register() - Register a driver and its device, and check for errors.
 * @driver: the driver, which probes synchronously; the device gets its name
 * @data: platform data of the device, which this function copies, or NULL
 * @size: size of @data in bytes
 *
 * This function is inline so that THIS_MODULE, which becomes the owner of the
 * driver, is the module that calls it.
 *
 * Context: Sleeps.
 *
 * Return: the device, for probed_unregister(), or the error of a registration
 * or of probe() as an ERR_PTR(); -ENODEV replaces -EPROBE_DEFER.
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
