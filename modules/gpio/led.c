// SPDX-License-Identifier: GPL-2.0
/*
 * LED - one line of a GPIO chip, turned on and off through /dev/gpio_led
 *
 *	# insmod led.ko chip=pinctrl-bcm2835 led=4
 *	# echo 1 > /dev/gpio_led
 *	# echo 0 > /dev/gpio_led
 *
 * /dev/gpio_led exists only while the module owns the line.  The module cannot
 * be unloaded while the file is open.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/gpio/consumer.h>
#include <linux/gpio/machine.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/platform_device.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#include "gpiodev.h"
#include "keyword.h"

#define LED_NAME	"gpio_led"
/* The longest command, in bytes. */
#define LED_MAX_COMMAND	2

static char *chip = GPIODEV_CHIP;
module_param(chip, charp, 0444);
MODULE_PARM_DESC(chip, "Label of the GPIO chip");

static struct gpiod_lookup_table lines = {
	.dev_id = LED_NAME,
	.table = { GPIO_LOOKUP(NULL, 4, "led", GPIO_ACTIVE_HIGH), {} },
};
module_param_named(led, lines.table[0].chip_hwnum, ushort, 0444);
MODULE_PARM_DESC(led, "Line of the LED");

/* The index of a command is the value to which it sets the line. */
static const char *const led_commands[] = { "0", "1" };

static struct gpio_desc *led_line;
static struct platform_device *led_device;

/* Takes one command per write.  A newline may follow the command. */
static ssize_t led_write(struct file *file, const char __user *buf,
			 size_t count, loff_t *ppos)
{
	char text[LED_MAX_COMMAND];
	int value;

	if (!count)
		return 0;
	if (count > sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, count))
		return -EFAULT;

	value = keyword_find(led_commands, ARRAY_SIZE(led_commands), text,
			     count);
	if (value < 0)
		return value;

	gpiod_set_value_cansleep(led_line, value);
	return count;
}

static const struct file_operations led_fops = {
	.owner = THIS_MODULE,
	.llseek = noop_llseek,
	.write = led_write,
};

static struct miscdevice led_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = LED_NAME,
	.fops = &led_fops,
};

static void turn_off(void *unused)
{
	gpiod_set_value_cansleep(led_line, 0);
}

static void remove_misc(void *unused)
{
	misc_deregister(&led_misc);
}

static int led_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	int err;

	led_line = devm_gpiod_get(dev, "led", GPIOD_OUT_LOW);
	if (IS_ERR(led_line))
		return PTR_ERR(led_line);
	err = gpiod_set_consumer_name(led_line, "LED 1");
	if (err)
		return err;
	err = devm_add_action(dev, turn_off, NULL);
	if (err)
		return err;

	err = misc_register(&led_misc);
	if (err)
		return err;
	return devm_add_action_or_reset(dev, remove_misc, NULL);
}

/*
 * Unbinding is disabled, because it would release the line while a file is
 * open.
 */
static struct platform_driver led_driver = {
	.driver = {
		.name = LED_NAME,
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
		.suppress_bind_attrs = true,
	},
	.probe = led_probe,
};

static int __init led_init(void)
{
	led_device = gpiodev_register(&led_driver, &lines, chip);
	return PTR_ERR_OR_ZERO(led_device);
}
module_init(led_init);

static void __exit led_exit(void)
{
	gpiodev_unregister(led_device, &led_driver, &lines);
}
module_exit(led_exit);

MODULE_DESCRIPTION("GPIO LED driver");
MODULE_LICENSE("GPL");
