/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sysret - what the kernel answered to a system call
 *
 * The C library splits the answer in two, -1 and errno.  Put together again it
 * can be compared in one expectation, and a failed one shows the error.
 */
#ifndef _SELFTESTS_SYSRET_H
#define _SELFTESTS_SYSRET_H

#include <errno.h>

/* Takes what the C library returned; gives it back, or a negative errno. */
static inline long sysret(long ret)
{
	return ret < 0 ? -errno : ret;
}

#endif /* _SELFTESTS_SYSRET_H */
