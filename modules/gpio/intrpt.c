// SPDX-License-Identifier: GPL-2.0
/*
 * Intrpt - interrupts of two buttons, which turn an LED on and off
 *
 *	# insmod intrpt.ko chip=pinctrl-bcm2835 led=4 button_on=17 button_off=18
 *	# grep gpiomod /proc/interrupts | awk '{ print $NF }'
 *	gpiomod#button1
 *	gpiomod#button2
 *
 * Then press the buttons.
 */
#include <linux/err.h>
#include <linux/gpio/machine.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/platform_device.h>

#include "buttons.h"
#include "gpiodev.h"

#define INTRPT_NAME	"intrpt"

static char *chip = GPIODEV_CHIP;
module_param(chip, charp, 0444);
MODULE_PARM_DESC(chip, "Label of the GPIO chip");

DEFINE_BUTTONS_LINES(INTRPT_NAME);

static unsigned int bounce_ms = BUTTONS_BOUNCE;
module_param(bounce_ms, uint, 0444);
MODULE_PARM_DESC(bounce_ms, "How long the buttons bounce, in milliseconds");

static struct platform_device *intrpt_device;

static irqreturn_t handle_edge(int irq, void *button)
{
	buttons_look(button);
	return IRQ_HANDLED;
}

static int intrpt_probe(struct platform_device *pdev)
{
	return buttons_add(&pdev->dev, bounce_ms, NULL, handle_edge);
}

static struct platform_driver intrpt_driver = {
	.driver = {
		.name = INTRPT_NAME,
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
	.probe = intrpt_probe,
};

static int __init intrpt_init(void)
{
	intrpt_device = gpiodev_register(&intrpt_driver, &buttons_lines, chip);
	return PTR_ERR_OR_ZERO(intrpt_device);
}
module_init(intrpt_init);

static void __exit intrpt_exit(void)
{
	gpiodev_unregister(intrpt_device, &intrpt_driver, &buttons_lines);
}
module_exit(intrpt_exit);

MODULE_DESCRIPTION("GPIO buttons whose interrupts turn an LED on and off");
MODULE_LICENSE("GPL");
