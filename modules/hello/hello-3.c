// SPDX-License-Identifier: GPL-2.0
/*
 * Hello 3 - __init code and __initdata, freed once the module has been loaded
 *
 *	# insmod hello-3.ko
 *	# dmesg -t | tail -1
 *	Hello, world 3
 *	# rmmod hello-3
 *	# dmesg -t | tail -1
 *	Goodbye, world 3
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

static int hello_3_data __initdata = 3;

static int __init hello_3_init(void)
{
	pr_info("Hello, world %d\n", hello_3_data);
	return 0;
}
module_init(hello_3_init);

static void __exit hello_3_exit(void)
{
	pr_info("Goodbye, world 3\n");
}
module_exit(hello_3_exit);

MODULE_DESCRIPTION("Module with __init, __initdata and __exit");
MODULE_LICENSE("GPL");
