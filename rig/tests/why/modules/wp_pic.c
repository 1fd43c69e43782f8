// SPDX-License-Identifier: GPL-2.0
/*
 * A module that is compiled with -fPIC
 */

#include "wp.h"

int wp_pic_number = 1;

int wp_pic_fn(void)
{
	return wp_pic_number++;
}

static void __init wp_begin(void)
{
	wp_pic_fn();
}
