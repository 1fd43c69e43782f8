// SPDX-License-Identifier: GPL-2.0
/*
 * A module that uses a symbol of wp_exp
 */

#include "wp.h"

static void __init wp_begin(void)
{
	wp_fn(1);
}
