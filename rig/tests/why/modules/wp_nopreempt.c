// SPDX-License-Identifier: GPL-2.0
/*
 * A module that is built as if the kernel were not preemptible
 */

#include "wp.h"

static void __init wp_begin(void)
{
}
