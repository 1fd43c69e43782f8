// SPDX-License-Identifier: GPL-2.0
/*
 * Stop - the second of the two files of startstop, with the exit function
 *
 *	# rmmod startstop
 *	# dmesg -t | tail -1
 *	Short is the life of a kernel module
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

static void __exit startstop_exit(void)
{
	pr_info("Short is the life of a kernel module\n");
}
module_exit(startstop_exit);

MODULE_DESCRIPTION("Module built from two source files");
MODULE_LICENSE("GPL");
