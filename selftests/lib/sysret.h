/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sysret - the result of a system call, as the kernel returned it
 *
 * The C library reports an error by two values, -1 and errno.  A single value
 * can be compared in one expectation, which prints the error if it fails.
 */
#ifndef _SELFTESTS_LIB_SYSRET_H
#define _SELFTESTS_LIB_SYSRET_H

#include <errno.h>

/*
 * Returns @ret, the result of a C library call, or -errno if @ret is negative.
 */
static inline long sysret(long ret)
{
	return ret < 0 ? -errno : ret;
}

#endif /* _SELFTESTS_LIB_SYSRET_H */
