/* SPDX-License-Identifier: GPL-2.0 */
/*
 * GPIO device - a platform device whose lines the user chooses
 *
 * A line is known by the label of its chip and by its offset there.  Its number
 * among all lines of the system would depend on which chip came first.
 */
#ifndef _MODPROOF_GPIODEV_H
#define _MODPROOF_GPIODEV_H

#include <linux/gpio/machine.h>
#include <linux/platform_device.h>

/* What the guide's board, a Raspberry Pi up to the third, calls its chip. */
#define GPIODEV_CHIP	"pinctrl-bcm2835"

struct platform_device *gpiodev_register(struct platform_driver *driver,
					 struct gpiod_lookup_table *lines,
					 const char *chip);
void gpiodev_unregister(struct platform_device *pdev,
			struct gpiod_lookup_table *lines);

#endif /* _MODPROOF_GPIODEV_H */
