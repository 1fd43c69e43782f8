/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Compat - what older kernels spell differently
 *
 * The modules are written for the newest kernel.  This file is the only one that
 * knows others; an entry goes when the last kernel that needs it goes.
 */
#ifndef _MODPROOF_COMPAT_H
#define _MODPROOF_COMPAT_H

#include <linux/device/class.h>
#include <linux/export.h>

/* Until 6.4 a macro, which also took the owner (1aaba11da9aa). */
#ifdef class_create
static inline struct class *modproof_class_create(const char *name)
{
	return class_create(THIS_MODULE, name);
}

#undef class_create
#define class_create(name)	modproof_class_create(name)
#endif

#endif /* _MODPROOF_COMPAT_H */
