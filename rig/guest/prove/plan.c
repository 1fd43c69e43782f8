// SPDX-License-Identifier: GPL-2.0
/*
 * Plan - read the file that says how a module is to be proved
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"
#include "plan.h"

#define LOADS	20

/* Add a copy of a name to a list. */
void names_add(struct names *names, const char *name)
{
	names->list = realloc(names->list, (names->count + 2) * sizeof(*names->list));
	names->list[names->count++] = strdup(name);
	names->list[names->count] = NULL;
}

/* Read the number of loads; return a reason, or NULL. */
static const char *read_loads(struct plan *plan, const char *value)
{
	char *end;
	const long loads = strtol(value, &end, 10);

	if (end == value || *end || loads < 0 || loads > INT_MAX)
		return because("loads \"%s\" is not a number", value);
	plan->loads = loads;
	return NULL;
}

/* Read a line; return a reason, or NULL. */
static const char *read_line(struct plan *plan, char *line)
{
	char *value = strchr(line, ' ');

	if (value)
		*value++ = '\0';
	if (!value || !*value)
		return because("\"%s\" has no value", line);
	if (!strcmp(line, "file"))
		plan->file = strdup(value);
	else if (!strcmp(line, "parameters"))
		plan->parameters = strdup(value);
	else if (!strcmp(line, "use"))
		plan->use = strdup(value);
	else if (!strcmp(line, "needs"))
		names_add(&plan->needs, value);
	else if (!strcmp(line, "modprobe"))
		names_add(&plan->modprobe, value);
	else if (!strcmp(line, "loads"))
		return read_loads(plan, value);
	else
		return because("\"%s\" is not a key of a plan", line);
	return NULL;
}

/*
 * Read the plan of the module @name in @dir.  Return NULL, or the reason why it
 * cannot be read.
 */
const char *plan_read(struct plan *plan, const char *dir, const char *name)
{
	const char *reason = NULL;
	char path[PATH_MAX];
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	FILE *file;

	*plan = (struct plan){ .name = name, .parameters = "", .loads = LOADS };
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "re");
	if (!file)
		return because("the plan of %s: %s", name, error_text(errno));
	while (!reason && (length = getline(&line, &size, file)) > 0) {
		if (line[length - 1] == '\n')
			line[--length] = '\0';
		if (length)
			reason = read_line(plan, line);
	}
	free(line);
	fclose(file);
	if (!reason && !plan->file)
		reason = "there is no file";
	return reason ? because("the plan of %s: %s", name, reason) : NULL;
}
