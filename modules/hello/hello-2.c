// SPDX-License-Identifier: GPL-2.0
/*
 * Hello 2 - init and exit functions that may have any name
 *
 *	# insmod hello-2.ko
 *	# dmesg -t | tail -1
 *	Hello, world 2
 *	# rmmod hello-2
 *	# dmesg -t | tail -1
 *	Goodbye, world 2
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

static int __init hello_2_init(void)
{
	pr_info("Hello, world 2\n");
	return 0;
}
module_init(hello_2_init);

static void __exit hello_2_exit(void)
{
	pr_info("Goodbye, world 2\n");
}
module_exit(hello_2_exit);

MODULE_DESCRIPTION("Module with init and exit functions of any name");
MODULE_LICENSE("GPL");
