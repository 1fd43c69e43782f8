/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sysret - the result of a system call, as the kernel returned it
 *
 * The C library splits an error in two, -1 and errno.  As one value it can be
 * compared in one expectation, which shows the error if it fails.
 */
#ifndef _SELFTESTS_LIB_SYSRET_H
#define _SELFTESTS_LIB_SYSRET_H

#include <errno.h>

/* Returns @ret of the C library, or a negative errno if @ret is -1. */
static inline long sysret(long ret)
{
	return ret < 0 ? -errno : ret;
}

#endif /* _SELFTESTS_LIB_SYSRET_H */
