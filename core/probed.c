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
 * The driver core discards probe()'s error, so attach once more to learn it.
 * -EAGAIN stands for -EPROBE_DEFER here, and means that the supplier is missing.
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
 * probed_device_register() - Register a device, and check probe().
 * @driver: its driver, which is registered and probes synchronously; the device
 *	has the same name
 * @data: platform data of the device, which is copied, or NULL
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
