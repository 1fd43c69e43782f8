/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Ioctltest - the ioctls of /dev/ioctltest
 *
 * The numbers of the ioctls are those of the guide (the Linux Kernel Module
 * Programming Guide).  Some file systems use the same numbers: IOCTL_VALGET has
 * the number of FS_IOC32_GETFLAGS (0x80046601) of linux/fs.h.  So a 32-bit
 * program that asks this device for file flags, as lsattr(1) does, gets a
 * meaningless answer.  Alpha, MIPS, PA-RISC, PowerPC and SPARC encode the direction
 * in other bits (asm/ioctl.h), so all numbers are different there.  The numbers
 * and the arguments have the CPU's byte order.
 */
#ifndef _UAPI_MODPROOF_IOCTLTEST_H
#define _UAPI_MODPROOF_IOCTLTEST_H

#include <linux/ioctl.h>

/**
 * struct ioctl_arg - the value of an open file
 * @val: the value of every byte that a read of the file returns, 0..255;
 *	initially 255
 */
struct ioctl_arg {
	unsigned int val;
};

#define IOC_MAGIC		0x66

#define IOCTL_VALSET		_IOW(IOC_MAGIC, 0, struct ioctl_arg)
#define IOCTL_VALGET		_IOR(IOC_MAGIC, 1, struct ioctl_arg)
/* Get the number that all open files of the device share; initially 0. */
#define IOCTL_VALGET_NUM	_IOR(IOC_MAGIC, 2, int)
/*
 * Set that number.  The argument is the number itself, although the encoding of
 * IOCTL_VALSET_NUM implies a pointer to it.
 */
#define IOCTL_VALSET_NUM	_IOW(IOC_MAGIC, 3, int)
/* The same ioctl, with the ioctl number of later editions of the guide. */
#define IOCTL_VALSET_NUM_IO	_IO(IOC_MAGIC, 3)

#define IOCTL_VAL_MAXNR		3

#endif /* _UAPI_MODPROOF_IOCTLTEST_H */
