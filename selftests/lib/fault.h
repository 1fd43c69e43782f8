/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fault - fault injection: an allocation or a user copy that fails on purpose
 *
 * A task writes n to its file fail-nth.  This arms a fault: the n-th allocation
 * or user copy of the task from then on fails.  The task makes one system call,
 * and then disarms the fault.  The number of allocations and copies in a call
 * is not known, so a test increases n from 1 until a call ends before the fault
 * fires.  A call may succeed although the fault fired.
 */
#ifndef _SELFTESTS_LIB_FAULT_H
#define _SELFTESTS_LIB_FAULT_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "sysret.h"

#define FAULT_DEBUGFS	"/sys/kernel/debug"
#define FAULT_NTH	"/proc/thread-self/fail-nth"

/*
 * Writes @value to the attribute @name of the kind of fault @way, such as
 * failslab, if the kernel supports that kind.
 */
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

/* Returns what the kernel lacks for faults, or NULL. */
static inline const char *fault_lacking(void)
{
	return access(FAULT_NTH, F_OK) && errno == ENOENT ?
	       "needs CONFIG_FAULT_INJECTION" : NULL;
}

/* Opens the calling task's fail-nth; returns a descriptor or a negative errno. */
static inline int fault_open(void)
{
	return sysret(open(FAULT_NTH, O_RDWR | O_CLOEXEC));
}

/*
 * Lets allocations that may sleep fail, too, as nearly all of them may.  Stops
 * the kernel from logging a stack trace for each fault.
 */
static inline void fault_prepare(void)
{
	mount("none", FAULT_DEBUGFS, "debugfs", 0, NULL);
	fault_set("failslab", "ignore-gfp-wait", "N");
	fault_set("fail_page_alloc", "ignore-gfp-wait", "N");
	fault_set_verbose("0");
}

/* Limits faults to calls that have an address in @start..@end on the stack. */
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
 * Finds the start and end of a kernel function; returns 0 or -ENOENT.  kallsyms
 * lists the kernel's own symbols before those of modules, sorted by address, so
 * the function ends at the next symbol with a higher address.
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
 * Limits faults to the functions that @function calls, directly or not, if the
 * kernel has CONFIG_FAULT_INJECTION_STACKTRACE_FILTER.
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

/* Sets the minimum order of the page allocations that fail; 0 is one page. */
static inline void fault_set_min_order(const char *order)
{
	fault_set("fail_page_alloc", "min-order", order);
}

/*
 * Restores the kernel's default for all that the functions above set, except
 * the minimum order.
 */
static inline void fault_restore(void)
{
	if (!access(FAULT_DEBUGFS "/failslab/require-start", F_OK))
		fault_require("0", "0xffffffffffffffff");
	fault_set("failslab", "ignore-gfp-wait", "Y");
	fault_set("fail_page_alloc", "ignore-gfp-wait", "Y");
	fault_set_verbose("2");
}

/* Returns true if an injected fault may cause the error @err. */
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

/*
 * Disarms the fault.  Returns true if it fired during the call under test.  If
 * it fires only in the pread() below, that pread() fails and this returns
 * false.
 */
static inline bool fault_disarm(int fd)
{
	char left[16] = "";
	ssize_t len = pread(fd, left, sizeof(left) - 1, 0);

	fault_arm(fd, 0);
	return len > 0 && !strcmp(left, "0\n");
}

#endif /* _SELFTESTS_LIB_FAULT_H */
