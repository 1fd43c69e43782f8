// SPDX-License-Identifier: GPL-2.0
/*
 * Hello world - a greeting at KERN_ALERT, a level that reaches the console
 *
 *	# insmod helloworld.ko
 *	# dmesg -t | tail -1
 *	Hello, world
 *	# rmmod helloworld
 *	# dmesg -t | tail -1
 *	Goodbye, you awesome people
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

static int __init helloworld_init(void)
{
	pr_alert("Hello, world\n");
	return 0;
}
module_init(helloworld_init);

static void __exit helloworld_exit(void)
{
	pr_alert("Goodbye, you awesome people\n");
}
module_exit(helloworld_exit);

MODULE_DESCRIPTION("Module that prints a greeting on the console");
MODULE_LICENSE("GPL");
