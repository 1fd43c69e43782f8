/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Compiler - macros that have their names from the kernel
 */

#ifndef _WHY_COMPILER_H
#define _WHY_COMPILER_H

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#define __noreturn	__attribute__((__noreturn__))
#define __printf(a, b)	__attribute__((__format__(__printf__, a, b)))
#define __sentinel	__attribute__((__sentinel__))

#endif
