// SPDX-License-Identifier: GPL-2.0
/*
 * Start - the first of the two files of startstop, with the init function
 *
 *	# insmod startstop.ko
 *	# dmesg -t | tail -1
 *	Hello, world - this is the kernel speaking
 *
 * A module has only one set of MODULE_*() tags.  Those of startstop are in
 * stop.c.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

static int __init startstop_init(void)
{
	pr_info("Hello, world - this is the kernel speaking\n");
	return 0;
}
module_init(startstop_init);
