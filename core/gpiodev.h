/* SPDX-License-Identifier: GPL-2.0 */
/*
 * GPIO device - a platform device whose lines the user chooses
 *
 * A line is known by the label of its chip and by its offset there.  Its number
 * among all lines of the system would depend on which chip came first.
 */
#ifndef _MODPROOF_GPIODEV_H
#define _MODPROOF_GPIODEV_H

#include <linux/err.h>
#include <linux/gpio/machine.h>
#include <linux/platform_device.h>

#include "probed.h"

/* What the guide's board, a Raspberry Pi up to the third, calls its chip. */
#define GPIODEV_CHIP	"pinctrl-bcm2835"

/**
 * gpiodev_register() - Have a driver and its device with lines, or know why not.
 * @driver: the driver, which probes synchronously
 * @lines: which of the device's lines is which of the chip's; each has a name,
 *	and the table stays the device's until that is unregistered
 * @chip: the label of the chip
 *
 * Context: Sleeps.
 *
 * Return: the device, for gpiodev_unregister(), or an error: -ENODEV where there
 * is no such chip, -EINVAL where it has no such line, -EBUSY where somebody has
 * the line, or what else probe() says.
 */
static inline struct platform_device *
gpiodev_register(struct platform_driver *driver,
		 struct gpiod_lookup_table *lines, const char *chip)
{
	struct platform_device *pdev;
	struct gpiod_lookup *line;

	for (line = lines->table; line->con_id; line++)
		line->key = chip;

	gpiod_add_lookup_table(lines);
	pdev = probed_register(driver, NULL, 0);
	if (IS_ERR(pdev))
		gpiod_remove_lookup_table(lines);
	return pdev;
}

/**
 * gpiodev_unregister() - Undo gpiodev_register().
 * @pdev: the device
 * @driver: its driver
 * @lines: its lines
 *
 * Context: Sleeps.
 */
static inline void gpiodev_unregister(struct platform_device *pdev,
				      struct platform_driver *driver,
				      struct gpiod_lookup_table *lines)
{
	probed_unregister(pdev, driver);
	gpiod_remove_lookup_table(lines);
}

#endif /* _MODPROOF_GPIODEV_H */
