// SPDX-License-Identifier: GPL-2.0
/*
 * A module that exports one symbol of each kind
 */

#include "wp.h"

int wp_fn(int number)
{
	return number + 1;
}
EXPORT_SYMBOL(wp_fn);

int wp_gpl_fn(int number)
{
	return number + 2;
}
EXPORT_SYMBOL_GPL(wp_gpl_fn);

int wp_ns_fn(int number)
{
	return number + 3;
}
EXPORT_SYMBOL_NS(wp_ns_fn, WP_SPACE);

/* Its name is as long as that of a symbol that the kernel exports. */
int param_set_booX(int number)
{
	return number;
}
EXPORT_SYMBOL(param_set_booX);

static void __init wp_begin(void)
{
}
