/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Slow - the patience that a kernel needs which looks for its own mistakes
 *
 * A kernel with lockdep, KASAN or KCSAN takes several times as long for
 * everything.  A limit that only tells soon from never is longer there.
 */
#ifndef _SELFTESTS_SLOW_H
#define _SELFTESTS_SLOW_H

#include <unistd.h>

/* More than was seen; nobody waits so long unless something is wrong. */
#define SLOW_FACTOR	10

static int slow_factor = 1;

/* Gives how long a time, in whatever unit, becomes on this kernel. */
static inline long slow(long time)
{
	return time * slow_factor;
}

#ifdef TEST_TIMEOUT_DEFAULT
/* The harness has a limit for each test, which it has taken down by now. */
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

/* Before main(), since a test may have lost the right to look. */
__attribute__((constructor)) static inline void slow_look(void)
{
	if (!access("/proc/lockdep", F_OK) ||
	    !access("/sys/kernel/debug/kcsan", F_OK))
		slow_factor = SLOW_FACTOR;
	slow_tests();
}

#endif /* _SELFTESTS_SLOW_H */
