/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Ioctltest - the ioctls of /dev/ioctltest
 *
 * The numbers are the guide's.  Some file systems use the same ones: here
 * IOCTL_VALGET is FS_IOC32_GETFLAGS (0x80046601) of linux/fs.h, so lsattr(1)
 * gets an answer from this device that means nothing.
 */
#ifndef _UAPI_MODPROOF_IOCTLTEST_H
#define _UAPI_MODPROOF_IOCTLTEST_H

#include <linux/ioctl.h>

/**
 * struct ioctl_arg - the value of an open file
 * @val: what each byte is that is read from it, 0..255; at first 255
 */
struct ioctl_arg {
	unsigned int val;
};

#define IOC_MAGIC		0x66

#define IOCTL_VALSET		_IOW(IOC_MAGIC, 0, struct ioctl_arg)
#define IOCTL_VALGET		_IOR(IOC_MAGIC, 1, struct ioctl_arg)
/* A number that all who have the device open share; at first 0. */
#define IOCTL_VALGET_NUM	_IOR(IOC_MAGIC, 2, int)
/* By value, not the pointer that the number promises. */
#define IOCTL_VALSET_NUM	_IOW(IOC_MAGIC, 3, int)
/* The same, as later editions of the guide have it. */
#define IOCTL_VALSET_NUM_IO	_IO(IOC_MAGIC, 3)

#define IOCTL_VAL_MAXNR		3

#endif /* _UAPI_MODPROOF_IOCTLTEST_H */
