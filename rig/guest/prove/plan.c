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

/* Read a number of @key up to @most; return a reason, or NULL. */
static const char *read_number(unsigned long *number, unsigned long most, const char *key,
			       const char *value)
{
	char *end;

	errno = 0;
	*number = strtoul(value, &end, 0);
	if (end == value || *end || *value == '-' || errno || *number > most)
		return because("%s \"%s\" is not a number", key, value);
	return NULL;
}

static const char *read_int(int *number, const char *key, const char *value)
{
	unsigned long result = 0;
	const char *reason = read_number(&result, INT_MAX, key, value);

	*number = result;
	return reason;
}

/* Read the number of an ioctl, a blank, and the size of its argument. */
static const char *read_ioctl(struct plan *plan, char *value)
{
	struct plan_ioctl *ioctl = &plan->ioctl[plan->ioctls];
	char *size = strchr(value, ' ');
	const char *reason;

	if (plan->ioctls == PLAN_MAX_IOCTLS)
		return because("there are more than %d ioctls", PLAN_MAX_IOCTLS);
	if (!size)
		return because("ioctl \"%s\" has no size", value);
	*size++ = '\0';
	reason = read_number(&ioctl->request, UINT_MAX, "ioctl", value) ?:
		 read_number(&ioctl->size, INT_MAX, "ioctl", size);
	plan->ioctls += !reason;
	return reason;
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
	else if (!strcmp(line, "text"))
		names_add(&plan->texts, value);
	else if (!strcmp(line, "loads"))
		return read_int(&plan->loads, line, value);
	else if (!strcmp(line, "seconds"))
		return read_int(&plan->seconds, line, value);
	else if (!strcmp(line, "seed"))
		return read_number(&plan->seed, ULONG_MAX, line, value);
	else if (!strcmp(line, "ioctl"))
		return read_ioctl(plan, value);
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
