// SPDX-License-Identifier: GPL-2.0
/*
 * A module with one of each kind of section that the edits need
 */

#include <linux/percpu.h>
#include "wp.h"

static DEFINE_PER_CPU(int, wp_each);
static int wp_number = 7;
module_param(wp_number, int, 0444);

static void __init wp_begin(void)
{
	this_cpu_write(wp_each, wp_number);
}
