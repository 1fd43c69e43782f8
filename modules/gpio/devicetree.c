// SPDX-License-Identifier: GPL-2.0
/*
 * Device tree - a driver that reads the properties of its device tree nodes
 *
 *	# insmod devicetree.ko
 *	# insmod dtoverlay.ko file=lkmpg.dtbo
 *	# dmesg -t | grep -A2 @40001000
 *	lkmpg_devicetree: Device tree probe called for lkmpg_device@40001000
 *	lkmpg_devicetree: Found label property: LKMPG Secondary Device
 *	lkmpg_devicetree: Found reg property: 0x40001000
 *
 * The parent node determines how many cells an address has.  The label belongs
 * to the device tree, which may be freed, so the driver keeps a copy of it.
 */
#define pr_fmt(fmt) "lkmpg_devicetree: " fmt

#include <linux/device.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/platform_device.h>
#include <linux/printk.h>
#include <linux/types.h>

#define DEVICETREE_LABEL	"unnamed"
#define DEVICETREE_VALUE	42

/*
 * Sets @label to a copy of the label property, or of the default label if there
 * is no such property.  Returns an error if the property is not a string.
 */
static int read_label(struct device *dev, char **label)
{
	const char *text = DEVICETREE_LABEL;
	int err;

	err = of_property_read_string(dev->of_node, "label", &text);
	if (err && err != -EINVAL)
		return err;
	*label = devm_kstrdup(dev, text, GFP_KERNEL);
	if (!*label)
		return -ENOMEM;

	if (err)
		pr_info("No label property found, using default\n");
	else
		pr_info("Found label property: %s\n", *label);
	return 0;
}

/* of_n_addr_cells() reads the number of address cells from the parent node. */
static void read_reg(struct device_node *node)
{
	const __be32 *reg = of_get_address(node, 0, NULL, NULL);

	if (reg)
		pr_info("Found reg property: 0x%llx\n",
			of_read_number(reg, of_n_addr_cells(node)));
}

static int read_custom_value(struct device *dev)
{
	u32 value = DEVICETREE_VALUE;
	int err;

	err = of_property_read_u32(dev->of_node, "lkmpg,custom-value", &value);
	if (err && err != -EINVAL)
		return err;

	if (err)
		pr_info("No custom-value found, using default: %u\n", value);
	else
		pr_info("Found custom-value property: %u\n", value);
	return 0;
}

static void log_removal(void *label)
{
	pr_info("Removing device %s\n", (char *)label);
}

static int devicetree_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	char *label;
	int err;

	pr_info("Device tree probe called for %pOFP\n", dev->of_node);
	err = read_label(dev, &label);
	if (err)
		return err;
	read_reg(dev->of_node);
	err = read_custom_value(dev);
	if (err)
		return err;
	pr_info("has-clock property: %s\n",
		of_property_read_bool(dev->of_node, "lkmpg,has-clock") ?
		"present" : "absent");

	err = devm_add_action(dev, log_removal, label);
	if (err)
		return err;
	pr_info("Device probe successful\n");
	return 0;
}

static const struct of_device_id devicetree_match[] = {
	{ .compatible = "lkmpg,example-device" },
	{ .compatible = "lkmpg,another-device" },
	{}
};
MODULE_DEVICE_TABLE(of, devicetree_match);

static struct platform_driver devicetree_driver = {
	.driver = {
		.name = "lkmpg_devicetree",
		.of_match_table = devicetree_match,
	},
	.probe = devicetree_probe,
};
module_platform_driver(devicetree_driver);

MODULE_DESCRIPTION("Device tree driver that reads the properties of its nodes");
MODULE_LICENSE("GPL");
