/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Char_dev - the ioctls of /dev/char_dev
 *
 * The numbers of the ioctls are those of the Linux Kernel Module Programming
 * Guide.  The first two numbers encode the size of a pointer, so they are
 * different in a 32-bit program.  The driver accepts both.  Alpha, MIPS, PA-RISC,
 * PowerPC and SPARC encode the direction in other bits (asm/ioctl.h), so all
 * numbers are different there.  The numbers and the arguments have the CPU's byte
 * order.
 */
#ifndef _UAPI_MODPROOF_CHARDEV_H
#define _UAPI_MODPROOF_CHARDEV_H

#include <linux/ioctl.h>

#define DEVICE_FILE_NAME	"char_dev"
#define DEVICE_PATH		"/dev/char_dev"

#define MAJOR_NUM		100
/* Maximum length of a message, in bytes. */
#define BUF_LEN			80

/*
 * Set the message: the argument is a string; its first BUF_LEN bytes are kept.
 */
#define IOCTL_SET_MSG		_IOW(MAJOR_NUM, 0, char *)
/*
 * Get the message: the argument is a buffer of BUF_LEN + 1 bytes, for a string.
 */
#define IOCTL_GET_MSG		_IOR(MAJOR_NUM, 1, char *)
/*
 * Get one byte: the argument is its index, 0..BUF_LEN, by value; the result is
 * the byte, 0..255, or 0 past the end of the message.
 */
#define IOCTL_GET_NTH_BYTE	_IOWR(MAJOR_NUM, 2, int)

#endif /* _UAPI_MODPROOF_CHARDEV_H */
