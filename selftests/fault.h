/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fault - an allocation or a user copy that the kernel lets fail on purpose
 *
 * A task arms the n-th of them from now on, makes one system call, and disarms.
 * How many there are in a call is not known: count n up from 1 until a call has
 * ended without a fault.  The call may well succeed with one.
 */
#ifndef _SELFTESTS_FAULT_H
#define _SELFTESTS_FAULT_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "sysret.h"

#define FAULT_DEBUGFS	"/sys/kernel/debug"

/* Sets an attribute of one way to fail, if the kernel has that way. */
static inline void fault_set(const char *way, const char *name,
			     const char *value)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), FAULT_DEBUGFS "/%s/%s", way, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, value, strlen(value)) < 0)
		perror(path);
	close(fd);
}

static inline void fault_set_verbose(const char *level)
{
	fault_set("failslab", "verbose", level);
	fault_set("fail_page_alloc", "verbose", level);
	fault_set("fail_usercopy", "verbose", level);
}

/* Gives a descriptor for the calling task, or -ENOENT from a kernel without. */
static inline int fault_open(void)
{
	return sysret(open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC));
}

/* Includes allocations that may sleep, as nearly all do, and logs no stack. */
static inline void fault_prepare(void)
{
	mount("none", FAULT_DEBUGFS, "debugfs", 0, NULL);
	fault_set("failslab", "ignore-gfp-wait", "N");
	fault_set("fail_page_alloc", "ignore-gfp-wait", "N");
	fault_set_verbose("0");
}

/* Sets which addresses must be on the stack of what fails. */
static inline void fault_require(const char *start, const char *end)
{
	static const char * const ways[] = {
		"failslab", "fail_page_alloc", "fail_usercopy",
	};
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		fault_set(ways[i], "require-start", start);
		fault_set(ways[i], "require-end", end);
	}
}

/*
 * Finds a function of the kernel; gives 0 or -ENOENT.  Whoever reads the symbols
 * gets those of the kernel itself first, in the order of their addresses.
 */
static inline int fault_find(const char *function, unsigned long *start,
			     unsigned long *end)
{
	FILE *symbols = fopen("/proc/kallsyms", "re");
	unsigned long address;
	char name[256];

	*start = 0;
	*end = 0;
	while (symbols && !*end &&
	       fscanf(symbols, "%lx %*c %255s%*[^\n]", &address, name) == 2) {
		if (*start && address > *start)
			*end = address;
		else if (!strcmp(name, function))
			*start = address;
	}
	if (symbols)
		fclose(symbols);
	return *end ? 0 : -ENOENT;
}

/*
 * Lets only what a function of the kernel calls fail, however deep, if the
 * kernel can tell.
 */
static inline void fault_only_in(const char *function)
{
	static unsigned long start, end;
	char from[32];
	char to[32];

	if (access(FAULT_DEBUGFS "/failslab/require-start", F_OK) ||
	    (!end && fault_find(function, &start, &end)))
		return;
	snprintf(from, sizeof(from), "0x%lx", start);
	snprintf(to, sizeof(to), "0x%lx", end);
	fault_require(from, to);
}

/* Sets the least size of those pages that fail; 0 is one page. */
static inline void fault_set_min_order(const char *order)
{
	fault_set("fail_page_alloc", "min-order", order);
}

/* Goes back to what the kernel starts with. */
static inline void fault_restore(void)
{
	if (!access(FAULT_DEBUGFS "/failslab/require-start", F_OK))
		fault_require("0", "0xffffffffffffffff");
	fault_set("failslab", "ignore-gfp-wait", "Y");
	fault_set("fail_page_alloc", "ignore-gfp-wait", "Y");
	fault_set_verbose("2");
}

/* Tells whether an error is one that a fault may cause. */
static inline bool fault_is_cause(int err)
{
	return err == -ENOMEM || err == -EFAULT;
}

static inline int fault_arm(int fd, int nth)
{
	char text[16];

	return sysret(pwrite(fd, text, snprintf(text, sizeof(text), "%d", nth),
			     0));
}

/* Tells whether the fault has happened; if it hits the read, it had not. */
static inline bool fault_disarm(int fd)
{
	char left[16] = "";
	ssize_t len = pread(fd, left, sizeof(left) - 1, 0);

	fault_arm(fd, 0);
	return len > 0 && !strcmp(left, "0\n");
}

#endif /* _SELFTESTS_FAULT_H */
