// SPDX-License-Identifier: GPL-2.0
/*
 * Probed - a platform driver, and the one device that its module has for it
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/platform_device.h>
#include <linux/types.h>

#include "probed.h"

/*
 * What probe() returned is lost, but it can be asked again.  If it waits for
 * something that may come, which is EAGAIN here, that is not there.
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
 * probed_device_register() - Have a device, or know why not.
 * @driver: its driver, which is registered and probes synchronously; the device
 *	has the same name
 * @data: what the driver is told about the device, of which it gets a copy, or
 *	NULL
 * @size: bytes of @data
 *
 * Context: Sleeps.
 *
 * Return: the device, for platform_device_unregister(), or the error of the
 * registration or of probe(): -ENODEV where this was -EPROBE_DEFER.
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
EXPORT_SYMBOL_GPL(probed_device_register);
