// SPDX-License-Identifier: GPL-2.0
/*
 * A module that uses a symbol of the kernel that is for GPL modules
 */

#include <linux/kobject.h>
#include "wp.h"

static void __init wp_begin(void)
{
	kobject_put(kobject_create_and_add("wp_kgpl", NULL));
}
