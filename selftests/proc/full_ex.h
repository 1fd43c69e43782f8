/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Full example - the calls on /proc/full_ex that its tests make
 *
 * The functions return what the system call returned, or a negative errno.
 */
#ifndef _SELFTESTS_PROC_FULL_EX_H
#define _SELFTESTS_PROC_FULL_EX_H

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "lib/module.h"
#include "lib/sysret.h"

#define FULL_EX			"/proc/full_ex"
#define FULL_EX_MAX_CAPACITY	100
/* A value that no test pushes. */
#define FULL_EX_POISON		(-559038737)

static inline int full_ex_open(void)
{
	return sysret(open(FULL_EX, O_RDWR | O_CLOEXEC));
}

/* Loads the module, unless an earlier fixture has loaded it. */
static inline int full_ex_load(void)
{
	if (!access(FULL_EX, F_OK))
		return 0;
	return module_load("full_ex", "");
}

/*
 * Unloads the module when the program calls exit().  The tasks of a test call
 * _exit() instead, so they do not unload it.
 */
static inline void __attribute__((destructor)) full_ex_unload_at_exit(void)
{
	module_unload("full_ex");
}

static inline long full_ex_write(int fd, const void *buf, size_t count)
{
	return sysret(write(fd, buf, count));
}

static inline long full_ex_size(int fd, unsigned char capacity)
{
	return full_ex_write(fd, &capacity, sizeof(capacity));
}

static inline long full_ex_push(int fd, int value)
{
	return full_ex_write(fd, &value, sizeof(value));
}

/*
 * Opens the file and writes the capacity of its deque.  Returns the descriptor
 * or a negative errno.
 */
static inline int full_ex_open_sized(unsigned char capacity)
{
	int fd = full_ex_open();
	long ret = fd < 0 ? fd : full_ex_size(fd, capacity);

	if (ret == 1)
		return fd;
	if (fd >= 0)
		close(fd);
	return ret;
}

static inline long full_ex_pop(int fd, int *value)
{
	*value = FULL_EX_POISON;
	return sysret(read(fd, value, sizeof(*value)));
}

/* Pushes @nr values; returns 0, or the first result that is not 4. */
static inline long full_ex_push_all(int fd, const int *value, int nr)
{
	long ret = sizeof(*value);

	while (nr-- && ret == sizeof(*value))
		ret = full_ex_push(fd, *value++);
	return ret == sizeof(*value) ? 0 : ret;
}

/* Macros, so that a failed expectation reports the line of the test. */
#define EXPECT_POP(expected, fd) do {					\
	int popped_;						\
									\
	EXPECT_EQ(4, full_ex_pop(fd, &popped_));			\
	EXPECT_EQ(expected, popped_);					\
} while (0)

#define EXPECT_NOTHING_TO_POP(fd) do {					\
	int popped_;						\
									\
	EXPECT_EQ(-EACCES, full_ex_pop(fd, &popped_));			\
	EXPECT_EQ(FULL_EX_POISON, popped_);				\
} while (0)

#endif /* _SELFTESTS_PROC_FULL_EX_H */
