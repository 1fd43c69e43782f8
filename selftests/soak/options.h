/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Options - the options of the user: LOADS=, TIME= and SEED=
 *
 * The options are environment variables.  MODULE= is not among them:
 * tools/kselftest passes it to the program by -v.
 */
#ifndef _SELFTESTS_SOAK_OPTIONS_H
#define _SELFTESTS_SOAK_OPTIONS_H

#include <linux/types.h>
#include <stdlib.h>

#define OPTIONS_LOADS	1
#define OPTIONS_SECONDS	10
#define OPTIONS_SEED	1

/*
 * The harness's timeout of a test in seconds, longer than any soak.  How long a
 * soak may take depends on the options, so tools/kselftest sets a timeout for
 * the whole program instead.
 */
#define OPTIONS_TIMEOUT		1000000

static inline long long options_number(const char *name, long long fallback)
{
	const char *text = getenv(name);

	return text && *text ? strtoll(text, NULL, 0) : fallback;
}

static inline long options_loads(void)
{
	return options_number("LOADS", OPTIONS_LOADS);
}

static inline long options_ms(void)
{
	return options_number("TIME", OPTIONS_SECONDS) * 1000;
}

static inline __u64 options_seed(void)
{
	return options_number("SEED", OPTIONS_SEED);
}

#endif /* _SELFTESTS_SOAK_OPTIONS_H */
