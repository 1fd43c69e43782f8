// SPDX-License-Identifier: GPL-2.0
/*
 * Device model - a platform device and its driver, from probe to removal
 *
 *	# insmod devicemodel.ko
 *	# dmesg -t | tail -3
 *	devicemodel init
 *	devicemodel probe
 *	devicemodel greeting: Hello; 42
 *	# cd /sys/bus/platform/drivers/devicemodel_example
 *	# echo devicemodel_example > unbind
 *	# dmesg -t | tail -1
 *	devicemodel example removed
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/printk.h>

#include "probed.h"

#define DEVICEMODEL_NAME	"devicemodel_example"

/* Platform data, filled in by the code that registers the device. */
struct devicemodel_data {
	char *greeting;
	int number;
};

static struct platform_device *devicemodel_device;

/*
 * This is a devm action, not the driver's .remove, because the type of .remove
 * depends on the kernel version.
 */
static void log_removal(void *unused)
{
	pr_info("devicemodel example removed\n");
}

static int devicemodel_probe(struct platform_device *pdev)
{
	const struct devicemodel_data *data = dev_get_platdata(&pdev->dev);
	int err;

	if (!data)
		return -EINVAL;

	err = devm_add_action(&pdev->dev, log_removal, NULL);
	if (err)
		return err;

	pr_info("devicemodel probe\n");
	pr_info("devicemodel greeting: %s; %d\n", data->greeting,
		data->number);
	return 0;
}

static int devicemodel_suspend(struct device *dev)
{
	pr_info("devicemodel example suspend\n");
	return 0;
}

static int devicemodel_resume(struct device *dev)
{
	pr_info("devicemodel example resume\n");
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(devicemodel_pm_ops, devicemodel_suspend,
				devicemodel_resume);

static struct platform_driver devicemodel_driver = {
	.driver = {
		.name = DEVICEMODEL_NAME,
		.pm = pm_sleep_ptr(&devicemodel_pm_ops),
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
	.probe = devicemodel_probe,
};

/* probed_register() copies the platform data, so it may be on the stack. */
static int __init devicemodel_init(void)
{
	const struct devicemodel_data data = {
		.greeting = "Hello",
		.number = 42,
	};

	pr_info("devicemodel init\n");

	devicemodel_device = probed_register(&devicemodel_driver, &data,
					     sizeof(data));
	return PTR_ERR_OR_ZERO(devicemodel_device);
}
module_init(devicemodel_init);

static void __exit devicemodel_exit(void)
{
	pr_info("devicemodel exit\n");
	probed_unregister(devicemodel_device, &devicemodel_driver);
}
module_exit(devicemodel_exit);

MODULE_ALIAS("platform:" DEVICEMODEL_NAME);
MODULE_DESCRIPTION("Platform device and its driver");
MODULE_LICENSE("GPL");
