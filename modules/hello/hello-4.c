// SPDX-License-Identifier: GPL-2.0
/*
 * Hello 4 - the license, author and description of a module
 *
 *	$ modinfo hello-4.ko
 *	description:    A sample driver
 *	author:         LKMPG
 *	license:        GPL
 *	# insmod hello-4.ko
 *	# dmesg -t | tail -1
 *	Hello, world 4
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

static int __init hello_4_init(void)
{
	pr_info("Hello, world 4\n");
	return 0;
}
module_init(hello_4_init);

static void __exit hello_4_exit(void)
{
	pr_info("Goodbye, world 4\n");
}
module_exit(hello_4_exit);

/* modinfo shows these tags in the opposite order. */
MODULE_LICENSE("GPL");
MODULE_AUTHOR("LKMPG");
MODULE_DESCRIPTION("A sample driver");
