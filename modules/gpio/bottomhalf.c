// SPDX-License-Identifier: GPL-2.0
/*
 * Bottom half - a button's bottom half in a tasklet and a work item
 *
 *	# insmod bottomhalf.ko chip=pinctrl-bcm2835
 *
 * Press a button.
 *
 *	# dmesg -t | tail -2
 *	Bottom half tasklet starts
 *	Bottom half tasklet ends
 *
 * A tasklet cannot sleep, and while it runs, its CPU runs no task.  So the
 * tasklet only starts the bottom half, and a work item does the part that takes
 * long.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/gpio/machine.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/platform_device.h>
#include <linux/printk.h>
#include <linux/wait_bit.h>
#include <linux/workqueue.h>

#include "buttons.h"
#include "gpiodev.h"

#define BOTTOMHALF_NAME	"bottomhalf"
#define BOTTOMHALF_MS	500
/*
 * The largest number of bottom halves: one that runs, and one that is pending.
 * While one is pending, another press does not add a third one.
 */
#define BOTTOMHALF_MAX	2

static char *chip = GPIODEV_CHIP;
module_param(chip, charp, 0444);
MODULE_PARM_DESC(chip, "Label of the GPIO chip");

DEFINE_BUTTONS_LINES(BOTTOMHALF_NAME);

static unsigned int bounce_ms = BUTTONS_BOUNCE;
module_param(bounce_ms, uint, 0444);
MODULE_PARM_DESC(bounce_ms, "How long the buttons bounce, in milliseconds");

static struct platform_device *bottomhalf_device;
static atomic_t nr_due = ATOMIC_INIT(0);

static struct work_struct long_part;

static void begin(struct tasklet_struct *unused)
{
	pr_info("Bottom half tasklet starts\n");
	schedule_work(&long_part);
}

static DECLARE_TASKLET(tasklet, begin);

static void do_long_part(struct work_struct *unused)
{
	msleep(BOTTOMHALF_MS);
	pr_info("Bottom half tasklet ends\n");
	if (atomic_dec_return(&nr_due))
		tasklet_schedule(&tasklet);
	wake_up_var(&nr_due);
}

static irqreturn_t handle_edge(int irq, void *button)
{
	if (buttons_look(button) &&
	    !atomic_fetch_add_unless(&nr_due, 1, BOTTOMHALF_MAX))
		tasklet_schedule(&tasklet);
	return IRQ_HANDLED;
}

/*
 * devm calls this after it has freed the interrupts, so a press cannot add a
 * bottom half any more.  This waits until all bottom halves have ended.
 */
static void finish(void *unused)
{
	wait_var_event(&nr_due, !atomic_read(&nr_due));
	flush_work(&long_part);
	tasklet_kill(&tasklet);
}

static int bottomhalf_probe(struct platform_device *pdev)
{
	int err;

	INIT_WORK(&long_part, do_long_part);
	err = devm_add_action(&pdev->dev, finish, NULL);
	if (err)
		return err;
	return buttons_add(&pdev->dev, bounce_ms, NULL, handle_edge);
}

static struct platform_driver bottomhalf_driver = {
	.driver = {
		.name = BOTTOMHALF_NAME,
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
	.probe = bottomhalf_probe,
};

static int __init bottomhalf_init(void)
{
	bottomhalf_device = gpiodev_register(&bottomhalf_driver, &buttons_lines,
					     chip);
	return PTR_ERR_OR_ZERO(bottomhalf_device);
}
module_init(bottomhalf_init);

static void __exit bottomhalf_exit(void)
{
	gpiodev_unregister(bottomhalf_device, &bottomhalf_driver,
			   &buttons_lines);
}
module_exit(bottomhalf_exit);

MODULE_DESCRIPTION("GPIO buttons with a tasklet and a work item as bottom half");
MODULE_LICENSE("GPL");
