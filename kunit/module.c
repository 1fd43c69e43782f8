// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit module - the license and the description of the module with all suites
 */
#include <linux/module.h>

MODULE_DESCRIPTION("KUnit tests for modproof");
MODULE_LICENSE("GPL");
