/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bench base - the ioctls of /dev/bench_base, which the program measure calls
 */
#ifndef _BENCH_BASE_H
#define _BENCH_BASE_H

#include <linux/ioctl.h>

/* The size of the device's buffer, and the largest read and write. */
#define BENCH_BASE_SIZE		4096

/*
 * Set how many bytes, 0..BENCH_BASE_SIZE, the next two ioctls copy.  So the
 * length is not a constant of the module, as in a module that copies a message.
 */
#define BENCH_BASE_SET_LENGTH	_IO('B', 0x40)
#define BENCH_BASE_COPY_OUT	_IOR('B', 0x41, char *)
#define BENCH_BASE_COPY_IN	_IOW('B', 0x42, char *)

/*
 * Run one operation of a part in the kernel; the argument is how many times.
 */
#define BENCH_BASE_DEQUE	_IO('B', 0x43)
#define BENCH_BASE_KFIFO	_IO('B', 0x44)
#define BENCH_BASE_OWNERS_MANY	_IO('B', 0x45)
#define BENCH_BASE_OWNERS_ONE	_IO('B', 0x46)
/* Return how many bytes the table with many owners has. */
#define BENCH_BASE_OWNERS_BYTES	_IO('B', 0x47)

/* The number of owners of the table with many owners. */
#define BENCH_BASE_OWNERS	1000000

#endif /* _BENCH_BASE_H */
