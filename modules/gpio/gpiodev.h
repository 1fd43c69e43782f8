/* SPDX-License-Identifier: GPL-2.0 */
/*
 * GPIO device - a platform device whose GPIO lines the user chooses
 *
 * The user identifies a line by the label of its chip and by its offset in that
 * chip.  A global GPIO number would depend on the order in which the kernel
 * registered the chips.
 */
#ifndef _MODPROOF_GPIODEV_H
#define _MODPROOF_GPIODEV_H

#include <linux/err.h>
#include <linux/gpio/machine.h>
#include <linux/platform_device.h>

#include "probed.h"

/*
 * Label of the GPIO chip of a Raspberry Pi 3 or older, which the guide (the
 * Linux Kernel Module Programming Guide) uses.
 */
#define GPIODEV_CHIP	"pinctrl-bcm2835"

/**
 * gpiodev_register() - Register a driver and its device, and check for errors.
 * @driver: the driver, which probes synchronously
 * @lines: lookup table that maps the device's lines to lines of the chip; each
 *	entry has a con_id.  The kernel uses the table until
 *	gpiodev_unregister()
 * @chip: the label of the chip
 *
 * Context: Sleeps.
 *
 * Return: the device, for gpiodev_unregister(), or an ERR_PTR(): -ENODEV if the
 * chip does not exist, -EINVAL if it does not have the line, -EBUSY if the line
 * is in use, or another error of probe().
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
 * @lines: the lookup table
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
