/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ioctl - system calls on /dev/ioctltest
 *
 * The functions return the result of the system call, or a negative errno.
 */
#ifndef _SELFTESTS_CHAR_IOCTL_H
#define _SELFTESTS_CHAR_IOCTL_H

#include <fcntl.h>
#include <sys/ioctl.h>

#include "ioctltest.h"
#include "lib/sysret.h"

#define IOCTLTEST	"/dev/ioctltest"

static inline int ioctl_open(void)
{
	return sysret(open(IOCTLTEST, O_RDWR | O_CLOEXEC));
}

static inline int ioctl_set_val(int fd, unsigned int val)
{
	struct ioctl_arg arg = { .val = val };

	return sysret(ioctl(fd, IOCTL_VALSET, &arg));
}

static inline int ioctl_set_num(int fd, long num)
{
	return sysret(ioctl(fd, IOCTL_VALSET_NUM, num));
}

#endif /* _SELFTESTS_CHAR_IOCTL_H */
