/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Words - the options of the user: LOADS=, TIME=, SEED= and MODULE=
 *
 * They are environment variables.  MODULE= names modules, all if it is empty;
 * the variants of the others are removed before main() counts them.
 */
#ifndef _SELFTESTS_SOAK_OPTIONS_H
#define _SELFTESTS_SOAK_OPTIONS_H

#include <kselftest_harness.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/timeout.h"

#define OPTIONS_LOADS	1
#define OPTIONS_SECONDS	10
#define OPTIONS_SEED	1

/* A test's timeout in seconds, besides TIME=: in general, and for each load. */
#define OPTIONS_LIMIT		30
#define OPTIONS_LIMIT_LOAD	10

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

/* In the name of a variant, '_' stands for '-' in its module's name. */
static inline char options_char(char c)
{
	return c == '-' ? '_' : c;
}

static inline bool options_is(const char *word, size_t len, const char *name)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (options_char(word[i]) != name[i])
			return false;
	}
	return !name[len];
}

/* Returns true if the user wants a variant, which is named after its module. */
static inline bool options_want(const char *name)
{
	const char *word = getenv("MODULE");
	size_t len;

	if (!word || !*word)
		return true;
	for (; *word; word += len + !!word[len]) {
		len = strcspn(word, " ,");
		if (len && options_is(word, len, name))
			return true;
	}
	return false;
}

#define OPTIONS_MAX_NAMES		128

/* The names of all variants, including those that the user does not want. */
static const char *options_names[OPTIONS_MAX_NAMES];

static inline void options_note(const struct __fixture_variant_metadata *variant)
{
	int nr = 0;

	for (; variant && nr < OPTIONS_MAX_NAMES; variant = variant->next)
		options_names[nr++] = variant->name;
}

/* Returns true if there is a variant for a module whose name has @len bytes. */
static inline bool options_know(const char *module, size_t len)
{
	int i;

	for (i = 0; i < OPTIONS_MAX_NAMES && options_names[i]; i++) {
		if (options_is(module, len, options_names[i]))
			return true;
	}
	return false;
}

static inline void options_prune(struct __fixture_variant_metadata **link)
{
	while (*link) {
		if (options_want((*link)->name))
			link = &(*link)->next;
		else
			*link = (*link)->next;
	}
}

static inline void options_set_limit(struct __test_metadata *test)
{
	for (; test; test = test->next)
		test->timeout = options_ms() / 1000 +
				slow(OPTIONS_LIMIT +
				     OPTIONS_LIMIT_LOAD * options_loads());
}

/* Runs before main(), and after the harness has registered all variants. */
__attribute__((constructor)) static inline void options_apply(void)
{
	struct __fixture_metadata *fixture;

	for (fixture = __fixture_list; fixture; fixture = fixture->next) {
		if (!fixture->variant)
			continue;
		options_note(fixture->variant);
		options_prune(&fixture->variant);
		if (!fixture->variant) {
			fprintf(stderr, "MODULE=%s is not known\n",
				getenv("MODULE"));
			exit(KSFT_FAIL);
		}
		options_set_limit(fixture->tests);
	}
}

#endif /* _SELFTESTS_SOAK_OPTIONS_H */
