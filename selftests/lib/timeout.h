/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Slow - timeouts, scaled up on debug kernels and on a busy host
 *
 * A kernel with lockdep, KASAN or KCSAN takes several times as long for
 * everything, and so does a virtual machine whose host has other work.  If the
 * file SLOW_PULSE exists, it contains the factor by which the host is slower.
 * slow() lengthens a timeout that only separates "soon" from "never".
 */
#ifndef _SELFTESTS_LIB_TIMEOUT_H
#define _SELFTESTS_LIB_TIMEOUT_H

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define SLOW_PULSE	"/run/pulse/now"

/*
 * Larger than any factor that was measured.  That costs no time: a test waits
 * until its timeout only if something is wrong.
 */
#define SLOW_FACTOR	10

static int slow_factor = 1;

/*
 * Returns the factor by which the host is slower.  Outside a guest the factor
 * is 1.  If the file cannot be read now, because it is being replaced or the
 * task has no right to read it, returns the factor that was read last.
 */
static inline long slow_host(void)
{
	static long factor = 1;
	char line[32] = "";
	long now;
	int fd;

	fd = open(SLOW_PULSE, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return factor;
	if (read(fd, line, sizeof(line) - 1) > 0) {
		now = strtol(line, NULL, 10);
		if (now > 0)
			factor = now;
	}
	close(fd);
	return factor;
}

/* Returns a timeout, in any unit, scaled for this kernel and this host. */
static inline long slow(long time)
{
	return time * slow_factor * slow_host();
}

#ifdef TEST_TIMEOUT_DEFAULT
/*
 * Scales the harness's timeout of each test.  All tests are registered before
 * this runs.
 */
static inline void slow_tests(void)
{
	struct __fixture_metadata *fixture;
	struct __test_metadata *test;

	for (fixture = __fixture_list; fixture; fixture = fixture->next) {
		for (test = fixture->tests; test; test = test->next)
			test->timeout = slow(test->timeout);
	}
}
#else
static inline void slow_tests(void) { }
#endif

/*
 * Finds out how slow the kernel is.  Runs before main(), because a test may
 * drop the privileges that this needs.
 */
__attribute__((constructor)) static inline void slow_look(void)
{
	if (!access("/proc/lockdep", F_OK) ||
	    !access("/sys/kernel/debug/kcsan", F_OK))
		slow_factor = SLOW_FACTOR;
	slow_tests();
}

#endif /* _SELFTESTS_LIB_TIMEOUT_H */
