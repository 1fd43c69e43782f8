// SPDX-License-Identifier: GPL-2.0
/*
 * Own module - find the files of the modules that came with the kernel
 */

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"

/* Compare names as kmod does: "-" is "_". */
static bool is_same_name(const char *one, const char *other, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (one[i] != other[i] &&
		    !((one[i] == '-' || one[i] == '_') &&
		      (other[i] == '-' || other[i] == '_')))
			return false;
	return true;
}

/* Return true if a line of modules.dep is about a file of this module. */
static bool is_file_of(const char *line, size_t length, const char *name)
{
	const char *slash = memrchr(line, '/', length);
	const char *base = slash ? slash + 1 : line;
	size_t rest = line + length - base;
	size_t size;

	if (length < 7 || memcmp(line, "kernel/", 7))
		return false;
	if (!name)
		return true;
	size = strlen(name);
	return rest > size + 2 && !memcmp(base + size, ".ko", 3) &&
	       is_same_name(base, name, size);
}

/**
 * own_module() - Find the file of a module that came with the kernel.
 * @attempt: the attempt
 * @name: the name of the module; NULL for any one
 *
 * modules.dep is read line by line: often its first line is enough, and to load
 * the whole file takes as long as all the checks.
 *
 * Return: the path, or NULL if there is none or if it is not known.
 */
const char *own_module(struct attempt *attempt, const char *name)
{
	const char *modules = attempt->kernel->modules;
	const char *found = NULL;
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	FILE *list;

	if (!modules)
		return NULL;
	list = fopen(attempt_print(attempt, "%s/modules.dep", modules), "re");
	if (!list)
		return NULL;
	while (!found && (length = getline(&line, &room, list)) >= 0) {
		const char *colon = memchr(line, ':', length);

		if (colon && is_file_of(line, colon - line, name))
			found = attempt_print(attempt, "%s/%.*s", modules,
					      (int)(colon - line), line);
	}
	free(line);
	fclose(list);
	return found;
}

/**
 * own_file() - Return true if a file is one of the kernel's own modules.
 * @kernel: the kernel
 * @path: the file
 *
 * Return: true if it is in the kernel's directory of modules, by whatever path.
 */
bool own_file(const struct kernel *kernel, const char *path)
{
	char directory[PATH_MAX];
	char file[PATH_MAX];
	size_t length;

	if (!kernel->modules || !realpath(kernel->modules, directory) ||
	    !realpath(path, file))
		return false;
	length = strlen(directory);
	return !strncmp(file, directory, length) &&
	       !strncmp(file + length, "/kernel/", 8);
}
