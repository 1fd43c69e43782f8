// SPDX-License-Identifier: GPL-2.0
/*
 * Hello 5 - parameters on the command line and in sysfs
 *
 *	# insmod hello-5.ko mystring="bebop" myintarray=-1
 *	# dmesg -t | tail -7
 *	myshort is a short integer: 1
 *	...
 *	got 1 arguments for myintarray.
 *	# echo 7 > /sys/module/hello_5/parameters/myint
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>

static short myshort = 1;
module_param(myshort, short, 0660);
MODULE_PARM_DESC(myshort, "A short integer");

static int myint = 420;
module_param(myint, int, 0644);
MODULE_PARM_DESC(myint, "An integer");

static long mylong = 9999;
module_param(mylong, long, 0400);
MODULE_PARM_DESC(mylong, "A long integer");

static char *mystring = "blah";
module_param(mystring, charp, 0000);
MODULE_PARM_DESC(mystring, "A character string");

static int myintarray[2] = { 420, 420 };
static int arr_argc;
module_param_array(myintarray, int, &arr_argc, 0000);
MODULE_PARM_DESC(myintarray, "An array of integers");

static int __init hello_5_init(void)
{
	int i;

	pr_info("Hello, world 5\n=============\n");
	pr_info("myshort is a short integer: %d\n", myshort);
	pr_info("myint is an integer: %d\n", myint);
	pr_info("mylong is a long integer: %ld\n", mylong);
	pr_info("mystring is a string: %s\n", mystring);
	for (i = 0; i < ARRAY_SIZE(myintarray); i++)
		pr_info("myintarray[%d] = %d\n", i, myintarray[i]);
	pr_info("got %d arguments for myintarray.\n", arr_argc);
	return 0;
}
module_init(hello_5_init);

static void __exit hello_5_exit(void)
{
	pr_info("Goodbye, world 5\n");
}
module_exit(hello_5_exit);

MODULE_DESCRIPTION("Example of module parameters");
MODULE_LICENSE("GPL");
