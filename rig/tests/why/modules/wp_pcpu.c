// SPDX-License-Identifier: GPL-2.0
/*
 * A module with more data for each processor than the kernel has room for
 */

#include <linux/percpu.h>
#include "wp.h"

static DEFINE_PER_CPU(char [1 << 20], wp_each);

static void __init wp_begin(void)
{
	this_cpu_write(wp_each[0], 1);
}
