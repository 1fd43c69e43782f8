// SPDX-License-Identifier: GPL-2.0
/*
 * BH threaded - a button's bottom half in a threaded interrupt handler
 *
 *	# insmod bh_threaded.ko chip=pinctrl-bcm2835
 *
 * Press a button.
 *
 *	# dmesg -t | tail -2
 *	Bottom half task starts
 *	Bottom half task ends
 *
 * A threaded handler can sleep, so the bottom half needs neither a tasklet nor
 * a work item, although it takes long.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/gpio/machine.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/platform_device.h>
#include <linux/printk.h>

#include "buttons.h"
#include "gpiodev.h"

#define BH_THREADED_NAME	"bh_threaded"
#define BH_THREADED_MS		500

static char *chip = GPIODEV_CHIP;
module_param(chip, charp, 0444);
MODULE_PARM_DESC(chip, "Label of the GPIO chip");

DEFINE_BUTTONS_LINES(BH_THREADED_NAME);

static unsigned int bounce_ms = BUTTONS_BOUNCE;
module_param(bounce_ms, uint, 0444);
MODULE_PARM_DESC(bounce_ms, "How long the buttons bounce, in milliseconds");

static struct platform_device *bh_threaded_device;

static irqreturn_t button_top_half(int irq, void *button)
{
	return IRQ_WAKE_THREAD;
}

static irqreturn_t button_bottom_half(int irq, void *button)
{
	if (buttons_look(button)) {
		pr_info("Bottom half task starts\n");
		msleep(BH_THREADED_MS);
		pr_info("Bottom half task ends\n");
	}
	return IRQ_HANDLED;
}

static int bh_threaded_probe(struct platform_device *pdev)
{
	return buttons_add(&pdev->dev, bounce_ms, button_top_half,
			   button_bottom_half);
}

static struct platform_driver bh_threaded_driver = {
	.driver = {
		.name = BH_THREADED_NAME,
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
	.probe = bh_threaded_probe,
};

static int __init bh_threaded_init(void)
{
	bh_threaded_device = gpiodev_register(&bh_threaded_driver, &buttons_lines,
					      chip);
	return PTR_ERR_OR_ZERO(bh_threaded_device);
}
module_init(bh_threaded_init);

static void __exit bh_threaded_exit(void)
{
	gpiodev_unregister(bh_threaded_device, &bh_threaded_driver,
			   &buttons_lines);
}
module_exit(bh_threaded_exit);

MODULE_DESCRIPTION("GPIO buttons with a threaded interrupt handler");
MODULE_LICENSE("GPL");
