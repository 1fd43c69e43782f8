// SPDX-License-Identifier: GPL-2.0
/*
 * Intrpt - interrupts of two buttons, of which one turns a LED on
 *
 *	# insmod intrpt.ko chip=pinctrl-bcm2835 led=4 button_on=17 button_off=18
 *	# grep gpiomod /proc/interrupts | awk '{ print $NF }'
 *	gpiomod#button1
 *	gpiomod#button2
 *
 * Then press them.
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

static struct gpiod_lookup_table lines = BUTTONS_LINES(INTRPT_NAME);
module_param_named(led, lines.table[BUTTONS_LED].chip_hwnum, ushort, 0444);
MODULE_PARM_DESC(led, "Line of the LED");
module_param_named(button_on, lines.table[BUTTONS_ON].chip_hwnum, ushort, 0444);
MODULE_PARM_DESC(button_on, "Line of the button that turns it on");
module_param_named(button_off, lines.table[BUTTONS_OFF].chip_hwnum, ushort,
		   0444);
MODULE_PARM_DESC(button_off, "Line of the button that turns it off");

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
	int err;

	err = platform_driver_register(&intrpt_driver);
	if (err)
		return err;

	intrpt_device = gpiodev_register(&intrpt_driver, &lines, chip);
	if (IS_ERR(intrpt_device)) {
		platform_driver_unregister(&intrpt_driver);
		return PTR_ERR(intrpt_device);
	}
	return 0;
}
module_init(intrpt_init);

static void __exit intrpt_exit(void)
{
	gpiodev_unregister(intrpt_device, &lines);
	platform_driver_unregister(&intrpt_driver);
}
module_exit(intrpt_exit);

MODULE_DESCRIPTION("Interrupts of two buttons, of which one turns a LED on");
MODULE_LICENSE("GPL");
