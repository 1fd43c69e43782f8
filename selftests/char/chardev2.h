/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Chardev 2 - system calls on /dev/char_dev
 *
 * The functions return the result of the system call, or a negative errno.
 */
#ifndef _SELFTESTS_CHAR_CHARDEV2_H
#define _SELFTESTS_CHAR_CHARDEV2_H

#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "chardev.h"
#include "lib/file.h"
#include "lib/sysret.h"

/* The size of a buffer, which is larger than what IOCTL_GET_MSG may write. */
#define CHARDEV2_ROOM	100

static inline int chardev2_open(void)
{
	return sysret(open(DEVICE_PATH, O_RDWR | O_CLOEXEC));
}

static inline int chardev2_set(int fd, const char *text)
{
	return sysret(ioctl(fd, IOCTL_SET_MSG, text));
}

/* Fills @room with FILE_POISON, and then reads the message into it. */
static inline int chardev2_get(int fd, char room[CHARDEV2_ROOM])
{
	memset(room, FILE_POISON, CHARDEV2_ROOM);
	return sysret(ioctl(fd, IOCTL_GET_MSG, room));
}

static inline int chardev2_byte(int fd, unsigned long index)
{
	return sysret(ioctl(fd, IOCTL_GET_NTH_BYTE, index));
}

#endif /* _SELFTESTS_CHAR_CHARDEV2_H */
