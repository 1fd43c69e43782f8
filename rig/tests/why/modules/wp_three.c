// SPDX-License-Identifier: GPL-2.0
/*
 * A module that uses several symbols that may be missing
 */

#include "wp.h"

static void __init wp_begin(void)
{
	wp_absent_b();
	wp_absent_a();
	wp_fn(1);
}
