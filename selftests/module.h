/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Module - a kernel module, by its name
 *
 * The file of a module is looked up in /lib/modules, as modprobe does; the
 * system calls are made here, because modprobe does not pass on their errors.
 * In a name '-' and '_' are the same.  What can fail gives a negative errno.
 * A module that is built in or has been compressed is not found.
 */
#ifndef _SELFTESTS_MODULE_H
#define _SELFTESTS_MODULE_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "slow.h"
#include "sysret.h"

/* Of a distribution's kernel it has about 600 KiB. */
#define MODULE_MAX_DEP		(4 * 1024 * 1024)
#define MODULE_MAX_PATHS	8
#define MODULE_SEPARATORS	" :\n"

/* The files of a module and of what it needs, its own first. */
struct module_paths {
	char line[PATH_MAX];
	char *path[MODULE_MAX_PATHS];
	int nr;
};

static inline char module_char(char c)
{
	return c == '-' ? '_' : c;
}

/* Tells whether a text is a module's name and what is to follow it. */
static inline bool module_is_named(const char *text, const char *name,
				   const char *next)
{
	for (; *name; name++, text++) {
		if (module_char(*text) != module_char(*name))
			return false;
	}
	return !strncmp(text, next, strlen(next));
}

/* Opens something below /lib/modules/<the running kernel>. */
static inline int module_dir_open(const char *path)
{
	char full[2 * PATH_MAX];
	struct utsname uts;

	uname(&uts);
	snprintf(full, sizeof(full), "/lib/modules/%s/%s", uts.release, path);
	return sysret(open(full, O_RDONLY | O_CLOEXEC));
}

static char module_dep[MODULE_MAX_DEP];

/*
 * Reads modules.dep, which has thousands of lines, at once, and before main():
 * each test is a child of its own, and all of them inherit it.
 */
__attribute__((constructor)) static inline void module_read_dep(void)
{
	int fd = module_dir_open("modules.dep");
	size_t len = 0;
	ssize_t ret;

	if (fd < 0)
		return;
	while ((ret = read(fd, module_dep + len,
			   sizeof(module_dep) - 1 - len)) > 0)
		len += ret;
	close(fd);
}

/* Finds the line that begins with a module's file; each path has a slash. */
static inline const char *module_find_line(const char *name)
{
	char start[NAME_MAX + 1];
	const char *at;

	snprintf(start, sizeof(start), "/%.*s", (int)strcspn(name, "-_"), name);
	for (at = strstr(module_dep, start); at; at = strstr(at + 1, start)) {
		if (!module_is_named(at + 1, name, ".ko:"))
			continue;
		while (at > module_dep && at[-1] != '\n')
			at--;
		return at;
	}
	return NULL;
}

static inline int module_find(const char *name, struct module_paths *found)
{
	const char *line = module_find_line(name);
	char *path;

	if (!line)
		return -ENOENT;

	found->nr = 0;
	snprintf(found->line, sizeof(found->line), "%.*s",
		 (int)strcspn(line, "\n"), line);
	path = strtok(found->line, MODULE_SEPARATORS);
	while (path && found->nr < MODULE_MAX_PATHS) {
		found->path[found->nr++] = path;
		path = strtok(NULL, MODULE_SEPARATORS);
	}
	return 0;
}

static inline int module_insert(int fd, const char *params)
{
	return sysret(syscall(SYS_finit_module, fd, params, 0));
}

static inline int module_insert_path(const char *path)
{
	int fd = module_dir_open(path);
	int err = fd < 0 ? fd : module_insert(fd, "");

	if (fd >= 0)
		close(fd);
	return err == -EEXIST ? 0 : err;
}

/* Loads what a module needs and opens its file, for module_insert(). */
static inline int module_open(const char *name)
{
	struct module_paths found;
	int err = module_find(name, &found);

	while (!err && --found.nr > 0)
		err = module_insert_path(found.path[found.nr]);

	return err ? err : module_dir_open(found.path[0]);
}

static inline int module_load(const char *name, const char *params)
{
	int fd = module_open(name);
	int err;

	if (fd < 0)
		return fd;

	err = module_insert(fd, params);
	close(fd);
	return err;
}

static inline int module_unload(const char *name)
{
	char loaded[NAME_MAX + 1] = "";
	int i;

	for (i = 0; name[i] && i < NAME_MAX; i++)
		loaded[i] = module_char(name[i]);
	return sysret(syscall(SYS_delete_module, loaded, O_NONBLOCK));
}

/* Counts what keeps a module loaded, or gives -ENOENT if it is not loaded. */
static inline int module_refcount(const char *name)
{
	FILE *modules = fopen("/proc/modules", "r");
	char loaded[NAME_MAX + 4];
	int ret = -ENOENT;
	int refs;

	if (!modules)
		return ret;

	while (ret < 0 &&
	       fscanf(modules, "%255s %*d %d%*[^\n]", loaded, &refs) == 2) {
		if (module_is_named(strcat(loaded, "\n"), name, "\n"))
			ret = refs;
	}
	fclose(modules);
	return ret;
}

/* Loads a module, anew if it is there already. */
static inline int module_reload(const char *name, const char *params)
{
	int err = module_unload(name);

	return err && err != -ENOENT ? err : module_load(name, params);
}

static inline bool module_is_loaded(const char *name)
{
	return module_refcount(name) >= 0;
}

#endif /* _SELFTESTS_MODULE_H */
