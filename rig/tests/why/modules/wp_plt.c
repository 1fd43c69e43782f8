// SPDX-License-Identifier: GPL-2.0
/*
 * A module that is compiled without retpolines and without -mcmodel=kernel
 */

#include "wp.h"

static int wp_data[4];
static int *wp_pointer;

static void __init wp_begin(void)
{
	WRITE_ONCE(wp_pointer, wp_data);
}
