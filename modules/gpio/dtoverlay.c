// SPDX-License-Identifier: GPL-2.0
/*
 * DT overlay - a device tree overlay that is applied while the module is loaded
 *
 *	# dtc -@ -o lkmpg.dtbo lkmpg.dts
 *	# insmod dtoverlay.ko file=lkmpg.dtbo
 *	# ls /proc/device-tree
 *
 * The kernel supports overlays, but has no interface for a user to apply one.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel_read_file.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <linux/sizes.h>
#include <linux/types.h>
#include <linux/vmalloc.h>

#define DTOVERLAY_MAX_SIZE	SZ_1M

static char *file;
module_param(file, charp, 0400);
MODULE_PARM_DESC(file, "The overlay, as dtc writes it");

static int changeset;

/*
 * The OF core does not create the devices below a simple-bus node that an
 * overlay has added, so this function creates them.
 */
static int __init populate_buses(void)
{
	struct platform_device *bus;
	struct device_node *node;
	int err;

	for_each_compatible_node(node, NULL, "simple-bus") {
		bus = of_find_device_by_node(node);
		if (!of_node_check_flag(node, OF_OVERLAY) || !bus) {
			platform_device_put(bus);
			continue;
		}
		err = of_platform_default_populate(node, NULL, &bus->dev);
		platform_device_put(bus);
		if (err) {
			of_node_put(node);
			return err;
		}
	}
	return 0;
}

static int __init dtoverlay_init(void)
{
	void *fdt = NULL;
	ssize_t size;
	int err;

	if (!file)
		return -EINVAL;
	size = kernel_read_file_from_path(file, 0, &fdt, DTOVERLAY_MAX_SIZE, NULL,
					  READING_UNKNOWN);
	if (size < 0)
		return size;

	/*
	 * This makes a copy of fdt.  If it fails after it has set changeset,
	 * the changeset must be removed.
	 */
	err = of_overlay_fdt_apply(fdt, size, &changeset, NULL);
	vfree(fdt);
	if (!err)
		err = populate_buses();
	if (err && changeset)
		of_overlay_remove(&changeset);
	return err;
}
module_init(dtoverlay_init);

static void __exit dtoverlay_exit(void)
{
	of_overlay_remove(&changeset);
}
module_exit(dtoverlay_exit);

MODULE_DESCRIPTION("Device tree overlay loader");
MODULE_LICENSE("GPL");
