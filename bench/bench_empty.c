// SPDX-License-Identifier: GPL-2.0
/*
 * Bench empty - a module that does nothing, to compare other modules with
 */
#include <linux/init.h>
#include <linux/module.h>

static int __init bench_empty_init(void)
{
	return 0;
}
module_init(bench_empty_init);

static void __exit bench_empty_exit(void)
{
}
module_exit(bench_empty_exit);

MODULE_DESCRIPTION("Empty module");
MODULE_LICENSE("GPL");
