// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit module - the suites of all parts as one module
 */
#include <linux/module.h>

MODULE_DESCRIPTION("KUnit tests for modproof");
MODULE_LICENSE("GPL");
