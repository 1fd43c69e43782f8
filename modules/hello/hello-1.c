// SPDX-License-Identifier: GPL-2.0
/*
 * Hello 1 - the simplest module
 *
 *	# insmod hello-1.ko
 *	# dmesg -t | tail -1
 *	Hello world 1.
 *	# rmmod hello-1
 *	# dmesg -t | tail -1
 *	Goodbye world 1.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

static int __init hello_1_init(void)
{
	pr_info("Hello world 1.\n");
	return 0;
}
module_init(hello_1_init);

static void __exit hello_1_exit(void)
{
	pr_info("Goodbye world 1.\n");
}
module_exit(hello_1_exit);

MODULE_DESCRIPTION("The simplest module");
MODULE_LICENSE("GPL");
