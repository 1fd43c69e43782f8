// SPDX-License-Identifier: GPL-2.0
/*
 * GPIO device - a platform device whose lines the user chooses
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/gpio/machine.h>
#include <linux/platform_device.h>

#include "gpiodev.h"
#include "probed.h"

/**
 * gpiodev_register() - Have a device with lines, or know why not.
 * @driver: its driver, which is registered and probes synchronously
 * @lines: which of its lines is which of the chip's; each has a name, and the
 *	table stays the device's until it is unregistered
 * @chip: the label of the chip
 *
 * Context: Sleeps.
 *
 * Return: the device, for gpiodev_unregister(), or an error: -ENODEV where there
 * is no such chip, -EINVAL where it has no such line, -EBUSY where somebody has
 * the line, or what else probe() says.
 */
struct platform_device *gpiodev_register(struct platform_driver *driver,
					 struct gpiod_lookup_table *lines,
					 const char *chip)
{
	struct platform_device *pdev;
	struct gpiod_lookup *line;

	for (line = lines->table; line->con_id; line++)
		line->key = chip;

	gpiod_add_lookup_table(lines);
	pdev = probed_device_register(driver, NULL, 0);
	if (IS_ERR(pdev))
		gpiod_remove_lookup_table(lines);
	return pdev;
}
EXPORT_SYMBOL_GPL(gpiodev_register);

/**
 * gpiodev_unregister() - Undo gpiodev_register().
 * @pdev: the device
 * @lines: its lines
 *
 * Context: Sleeps.
 */
void gpiodev_unregister(struct platform_device *pdev,
			struct gpiod_lookup_table *lines)
{
	platform_device_unregister(pdev);
	gpiod_remove_lookup_table(lines);
}
EXPORT_SYMBOL_GPL(gpiodev_unregister);
