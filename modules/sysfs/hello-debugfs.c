// SPDX-License-Identifier: GPL-2.0
/*
 * Hello debugfs - two variables as files of debugfs, and as parameters
 *
 *	# insmod hello-debugfs.ko
 *	# echo 7 > /sys/kernel/debug/lkmpg_debugfs/debug_value
 *	# cat /sys/module/hello_debugfs/parameters/debug_value
 *	7
 */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/types.h>

#define HELLO_DEBUGFS_NAME	"lkmpg_debugfs"

static u32 debug_value = 42;
module_param(debug_value, uint, 0600);
MODULE_PARM_DESC(debug_value, "A number");

static bool debug_enabled = true;
module_param(debug_enabled, bool, 0600);
MODULE_PARM_DESC(debug_enabled, "A flag");

static struct dentry *hello_debugfs_dir;

/* Errors of debugfs are ignored, because the module works without its files. */
static int __init hello_debugfs_init(void)
{
	hello_debugfs_dir = debugfs_create_dir(HELLO_DEBUGFS_NAME, NULL);
	debugfs_create_u32("debug_value", 0600, hello_debugfs_dir,
			   &debug_value);
	debugfs_create_bool("debug_enabled", 0600, hello_debugfs_dir,
			    &debug_enabled);

	pr_info("debugfs interface registered under /sys/kernel/debug/"
		HELLO_DEBUGFS_NAME "\n");
	return 0;
}
module_init(hello_debugfs_init);

static void __exit hello_debugfs_exit(void)
{
	debugfs_remove(hello_debugfs_dir);
	pr_info("debugfs example removed\n");
}
module_exit(hello_debugfs_exit);

MODULE_DESCRIPTION("Variables in debugfs and as module parameters");
MODULE_LICENSE("GPL");
