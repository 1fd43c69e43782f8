// SPDX-License-Identifier: GPL-2.0
/*
 * A module with a weak symbol, which nothing has to define
 */

#include "wp.h"

extern int wp_nobody __weak;

static void __init wp_begin(void)
{
	pr_debug("%p\n", &wp_nobody);
}
