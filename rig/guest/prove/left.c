// SPDX-License-Identifier: GPL-2.0
/*
 * Left - find the files that a module has left behind or removed
 *
 * The kernel loads modules of its own when another module asks for them.  They
 * are unloaded first, and if they stay, their files are not this module's.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ktap.h"
#include "left.h"
#include "module.h"
#include "task.h"
#include "tree.h"

/* The seconds in which work items may still remove files. */
#define LATE	2
/* The number of files with a diagnostic. */
#define NOTES	20

static struct names before;

/* Remember the files and the modules. */
void left_remember(void)
{
	module_list(&before);
	tree_remember();
}

static bool was_loaded(const char *name)
{
	size_t i;

	for (i = 0; i < before.count; i++)
		if (!strcmp(before.list[i], name))
			return true;
	return false;
}

/* List the modules that were not loaded before. */
static struct names list_loaded(void)
{
	struct names all, loaded = { };
	size_t i;

	module_list(&all);
	for (i = 0; i < all.count; i++)
		if (!was_loaded(all.list[i]))
			names_add(&loaded, all.list[i]);
	return loaded;
}

/* Unload what the kernel has loaded meanwhile; return what stays. */
static struct names unload_loaded(void)
{
	struct names loaded = list_loaded();
	size_t i, count;

	/* /proc/modules begins with the newest, which may use the others. */
	do {
		count = loaded.count;
		for (i = 0; i < loaded.count; i++)
			if (!syscall(SYS_delete_module, loaded.list[i], O_NONBLOCK))
				ktap_note("the kernel has loaded %s, which is unloaded",
					  loaded.list[i]);
		loaded = list_loaded();
	} while (loaded.count && loaded.count < count);
	for (i = 0; i < loaded.count; i++)
		ktap_note("the kernel has loaded %s, which stays", loaded.list[i]);
	return loaded;
}

/* Return true if the path is @dir or below it. */
static bool is_below(const char *path, const char *dir)
{
	const size_t length = strlen(dir);

	return !strncmp(path, dir, length) && (!path[length] || path[length] == '/');
}

/* Return true if the path is one of another module that stays. */
static bool is_of(const struct names *loaded, const char *path)
{
	static const char * const dirs[] = { "/sys/module/", "/sys/kernel/btf/" };
	size_t i, j;

	for (i = 0; i < sizeof(dirs) / sizeof(*dirs); i++) {
		const char *name = path + strlen(dirs[i]);

		if (strncmp(path, dirs[i], strlen(dirs[i])))
			continue;
		for (j = 0; j < loaded->count; j++)
			if (is_below(name, loaded->list[j]))
				return true;
	}
	return false;
}

/* Wait until a path exists, or does not; return false at the @end. */
static bool await(const char *path, bool exists, long end)
{
	struct stat stat;

	while (!lstat(path, &stat) != exists) {
		if (now_ms() >= end)
			return false;
		sleep_ms(10);
	}
	return true;
}

/*
 * Print the paths that do not come into the state; return a reason for the first.
 * What is below such a path follows it, and is left out.
 */
static const char *tell(const char *what, const struct entries *entries, bool exists,
			const struct names *loaded, long end)
{
	const char *first = NULL, *last = NULL;
	size_t i, count = 0;

	for (i = 0; i < entries->count; i++) {
		const char *path = entries->list[i]->path;

		if ((last && is_below(path, last)) || is_of(loaded, path) ||
		    await(path, exists, end))
			continue;
		last = path;
		if (!first)
			first = path;
		if (++count <= NOTES)
			ktap_note("%s: %s", what, path);
	}
	if (count > NOTES)
		ktap_note("%s: %zu in all", what, count);
	return first ? because("%s: %s", what, first) : NULL;
}

/* Compare the files with those of before; return a reason if they differ. */
const char *left_find(void)
{
	const struct names loaded = unload_loaded();
	struct entries added, removed;
	const char *reason;
	long end;

	tree_compare(&added, &removed);
	end = now_ms() + slow(LATE) * 1000L;
	reason = tell("removed", &removed, true, &loaded, end);
	return tell("left behind", &added, false, &loaded, end) ?: reason;
}
