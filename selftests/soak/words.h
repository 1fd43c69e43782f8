/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Words - the options of the user: LOADS=, TIME=, SEED= and MODULE=
 *
 * They are environment variables.  MODULE= names modules, all if it is empty;
 * the variants of the others are removed before main() counts them.
 */
#ifndef _SELFTESTS_SOAK_WORDS_H
#define _SELFTESTS_SOAK_WORDS_H

#include <kselftest_harness.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slow.h"

#define WORDS_LOADS	1
#define WORDS_SECONDS	10
#define WORDS_SEED	1

/* A test's timeout in seconds, besides TIME=: in general, and for each load. */
#define WORDS_LIMIT		30
#define WORDS_LIMIT_LOAD	10

static inline long long words_number(const char *name, long long fallback)
{
	const char *text = getenv(name);

	return text && *text ? strtoll(text, NULL, 0) : fallback;
}

static inline long words_loads(void)
{
	return words_number("LOADS", WORDS_LOADS);
}

static inline long words_ms(void)
{
	return words_number("TIME", WORDS_SECONDS) * 1000;
}

static inline __u64 words_seed(void)
{
	return words_number("SEED", WORDS_SEED);
}

/* In the name of a variant, '_' stands for '-' in its module's name. */
static inline char words_char(char c)
{
	return c == '-' ? '_' : c;
}

static inline bool words_is(const char *word, size_t len, const char *name)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (words_char(word[i]) != name[i])
			return false;
	}
	return !name[len];
}

/* Returns true if the user wants a variant, which is named after its module. */
static inline bool words_want(const char *name)
{
	const char *word = getenv("MODULE");
	size_t len;

	if (!word || !*word)
		return true;
	for (; *word; word += len + !!word[len]) {
		len = strcspn(word, " ,");
		if (len && words_is(word, len, name))
			return true;
	}
	return false;
}

#define WORDS_MAX_NAMES		128

/* The names of all variants, including those that the user does not want. */
static const char *words_names[WORDS_MAX_NAMES];

static inline void words_note(const struct __fixture_variant_metadata *variant)
{
	int nr = 0;

	for (; variant && nr < WORDS_MAX_NAMES; variant = variant->next)
		words_names[nr++] = variant->name;
}

/* Returns true if there is a variant for a module whose name has @len bytes. */
static inline bool words_know(const char *module, size_t len)
{
	int i;

	for (i = 0; i < WORDS_MAX_NAMES && words_names[i]; i++) {
		if (words_is(module, len, words_names[i]))
			return true;
	}
	return false;
}

static inline void words_prune(struct __fixture_variant_metadata **link)
{
	while (*link) {
		if (words_want((*link)->name))
			link = &(*link)->next;
		else
			*link = (*link)->next;
	}
}

static inline void words_set_limit(struct __test_metadata *test)
{
	for (; test; test = test->next)
		test->timeout = words_ms() / 1000 +
				slow(WORDS_LIMIT +
				     WORDS_LIMIT_LOAD * words_loads());
}

/* Runs before main(), and after the harness has registered all variants. */
__attribute__((constructor)) static inline void words_apply(void)
{
	struct __fixture_metadata *fixture;

	for (fixture = __fixture_list; fixture; fixture = fixture->next) {
		if (!fixture->variant)
			continue;
		words_note(fixture->variant);
		words_prune(&fixture->variant);
		if (!fixture->variant) {
			fprintf(stderr, "MODULE=%s is not known\n",
				getenv("MODULE"));
			exit(KSFT_FAIL);
		}
		words_set_limit(fixture->tests);
	}
}

#endif /* _SELFTESTS_SOAK_WORDS_H */
