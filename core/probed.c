// SPDX-License-Identifier: GPL-2.0
/*
 * Probed - a platform driver and its one device, registered by the same module
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/platform_device.h>
#include <linux/types.h>

#include "probed.h"

/*
 * The driver core discards the error of probe().  So if the device is not
 * bound, this attaches the driver once more and returns the error of that
 * second probe().  device_driver_attach() returns -EAGAIN for -EPROBE_DEFER,
 * which means that a supplier of the device, such as its GPIO chip, is missing.
 */
static int find_error(struct platform_driver *driver, struct device *dev)
{
	bool is_bound;
	int err;

	device_lock(dev);
	is_bound = dev->driver;
	device_unlock(dev);
	if (is_bound)
		return 0;

	err = device_driver_attach(&driver->driver, dev);
	return err == -EAGAIN ? -ENODEV : err;
}

/**
 * probed_device_register() - Register a device, and check for errors.
 * @driver: the driver of the device, which is registered and probes
 *	synchronously; the device gets the driver's name
 * @data: platform data of the device, which this function copies, or NULL
 * @size: size of @data in bytes
 *
 * Context: Sleeps.
 *
 * Return: the device, for platform_device_unregister(), or the error of the
 * registration or of probe() as an ERR_PTR(); -ENODEV replaces -EPROBE_DEFER.
 */
struct platform_device *probed_device_register(struct platform_driver *driver,
					       const void *data, size_t size)
{
	struct platform_device *pdev;
	int err;

	pdev = platform_device_register_data(NULL, driver->driver.name,
					     PLATFORM_DEVID_NONE, data, size);
	if (IS_ERR(pdev))
		return pdev;

	err = find_error(driver, &pdev->dev);
	if (!err)
		return pdev;

	platform_device_unregister(pdev);
	return ERR_PTR(err);
}
