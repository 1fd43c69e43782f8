// SPDX-License-Identifier: GPL-2.0
/*
 * modproof - the code that the modules share, as one module
 */
#include <linux/module.h>

MODULE_DESCRIPTION("Parts of the modproof modules");
MODULE_LICENSE("GPL");
