/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the modules of the proof share: init, exit, and declarations
 */

#ifndef _WP_H
#define _WP_H

#include <linux/module.h>

/* Since Linux 6.13 the name of a namespace is a string; see Kbuild. */
#ifdef WP_QUOTED
#define WP_SPACE	"WPSPACE"
#else
#define WP_SPACE	WPSPACE
#endif

int wp_fn(int number);
int wp_gpl_fn(int number);
int wp_ns_fn(int number);
int param_set_booX(int number);
int wp_absent_a(void);
int wp_absent_b(void);
int wp_pic_fn(void);

/* What the init of the module does. */
static void __init wp_begin(void);

static int __init wp_init(void)
{
	wp_begin();
	return 0;
}
module_init(wp_init);

static void __exit wp_exit(void)
{
}
module_exit(wp_exit);

MODULE_DESCRIPTION("A module of the proof of why");
MODULE_LICENSE("GPL");

#endif
