/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Ioctltest - the ioctls of /dev/ioctltest
 *
 * The numbers are the guide's.  Some file systems use the same ones:
 * IOCTL_VALGET is also FS_IOC32_GETFLAGS (0x80046601) of linux/fs.h, so a
 * 32-bit program that asks this device for file flags, as lsattr(1) does, gets
 * a meaningless answer.
 */
#ifndef _UAPI_MODPROOF_IOCTLTEST_H
#define _UAPI_MODPROOF_IOCTLTEST_H

#include <linux/ioctl.h>

/**
 * struct ioctl_arg - the value of an open file
 * @val: the value of each byte that is read from it, 0..255; at first 255
 */
struct ioctl_arg {
	unsigned int val;
};

#define IOC_MAGIC		0x66

#define IOCTL_VALSET		_IOW(IOC_MAGIC, 0, struct ioctl_arg)
#define IOCTL_VALGET		_IOR(IOC_MAGIC, 1, struct ioctl_arg)
/* A number that all opens of the device share; at first 0. */
#define IOCTL_VALGET_NUM	_IOR(IOC_MAGIC, 2, int)
/* The argument is the value itself, not a pointer as the number implies. */
#define IOCTL_VALSET_NUM	_IOW(IOC_MAGIC, 3, int)
/* The same, with the number that later editions of the guide use. */
#define IOCTL_VALSET_NUM_IO	_IO(IOC_MAGIC, 3)

#define IOCTL_VAL_MAXNR		3

#endif /* _UAPI_MODPROOF_IOCTLTEST_H */
