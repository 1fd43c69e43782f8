/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Compiler - names for attributes, as in the kernel
 */
#ifndef COMPILER_H
#define COMPILER_H

#define __aligned(x)	__attribute__((__aligned__(x)))
#define __noreturn	__attribute__((__noreturn__))
#define noinline	__attribute__((__noinline__))
#define __printf(a, b)	__attribute__((__format__(__printf__, a, b)))

#endif /* COMPILER_H */
