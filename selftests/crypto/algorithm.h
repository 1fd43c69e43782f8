/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Algorithm - the drivers of a crypto algorithm, and their reference counts
 */
#ifndef _SELFTESTS_CRYPTO_ALGORITHM_H
#define _SELFTESTS_CRYPTO_ALGORITHM_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/file.h"

#define ALGORITHM_MAX_LIST	(128 * 1024)

/*
 * Returns the value of @field in a line such as "refcnt : 1", or NULL if the
 * line has another field.
 */
static inline const char *algorithm_field(const char *line, const char *field)
{
	char *colon = strchr(line, ':');
	size_t len = strlen(field);

	if (!colon || strncmp(line, field, len) || line[len] != ' ')
		return NULL;
	return colon + 2;
}

/*
 * Returns the sum of the reference counts of an algorithm's drivers.  Each
 * driver has one reference to itself.  Stores in @driver the name of a driver
 * that is not an instance of cryptd.
 */
static inline long algorithm_look(const char *name, char *driver, size_t size)
{
	static char list[ALGORITHM_MAX_LIST];
	bool is_wanted = false;
	const char *value;
	long refs = 0;
	char *line;

	if (file_read("/proc/crypto", list, sizeof(list)) < 0)
		return -1;

	for (line = strtok(list, "\n"); line; line = strtok(NULL, "\n")) {
		value = algorithm_field(line, "name");
		if (value)
			is_wanted = !strcmp(value, name);
		if (!is_wanted)
			continue;
		value = algorithm_field(line, "driver");
		if (value && strncmp(value, "cryptd(", strlen("cryptd(")))
			snprintf(driver, size, "%s", value);
		value = algorithm_field(line, "refcnt");
		if (value)
			refs += atol(value);
	}
	return refs;
}

static inline long algorithm_refs(const char *name)
{
	char driver[128];

	return algorithm_look(name, driver, sizeof(driver));
}

#endif /* _SELFTESTS_CRYPTO_ALGORITHM_H */
