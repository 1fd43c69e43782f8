// SPDX-License-Identifier: GPL-2.0
/*
 * A module without exit and with a version
 */

#include <linux/module.h>

static int __init wp_init(void)
{
	return 0;
}
module_init(wp_init);

MODULE_DESCRIPTION("A module of the proof of why");
MODULE_LICENSE("Dual MIT/GPL");
MODULE_VERSION("1.0");
