// SPDX-License-Identifier: GPL-2.0
/*
 * A module that uses a symbol in a namespace, and imports it
 */

#include "wp.h"

static void __init wp_begin(void)
{
	wp_ns_fn(1);
}

MODULE_IMPORT_NS(WP_SPACE);
