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

#include "sysret.h"

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

static inline bool module_is_at(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;

	for (; *name; name++, base++) {
		if (module_char(*base) != module_char(*name))
			return false;
	}
	return !strcmp(base, ".ko");
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

static inline bool module_parse(struct module_paths *found, const char *name)
{
	char *path = strtok(found->line, MODULE_SEPARATORS);

	if (!path || !module_is_at(path, name))
		return false;

	found->nr = 0;
	while (path && found->nr < MODULE_MAX_PATHS) {
		found->path[found->nr++] = path;
		path = strtok(NULL, MODULE_SEPARATORS);
	}
	return true;
}

static inline int module_find(const char *name, struct module_paths *found)
{
	int fd = module_dir_open("modules.dep");
	FILE *dep = fd < 0 ? NULL : fdopen(fd, "r");
	int err = -ENOENT;

	if (!dep)
		return err;

	while (err && fgets(found->line, sizeof(found->line), dep)) {
		if (module_parse(found, name))
			err = 0;
	}
	fclose(dep);
	return err;
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
		if (module_is_at(strcat(loaded, ".ko"), name))
			ret = refs;
	}
	fclose(modules);
	return ret;
}

/* Makes unloading wait less for the kernel's other processors, or as usual. */
static inline void module_hurry(bool hurry)
{
	int fd = open("/sys/kernel/rcu_expedited", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, hurry ? "1" : "0", 1) != 1)
		perror("rcu_expedited");
	close(fd);
}

/* Unloads a module without the wait for the kernel's other processors. */
static inline int module_drop(const char *name)
{
	int err;

	module_hurry(true);
	err = module_unload(name);
	module_hurry(false);
	return err;
}

/* Loads a module, anew if it is there already. */
static inline int module_reload(const char *name, const char *params)
{
	int err = module_drop(name);

	return err && err != -ENOENT ? err : module_load(name, params);
}

static inline bool module_is_loaded(const char *name)
{
	return module_refcount(name) >= 0;
}

#endif /* _SELFTESTS_MODULE_H */
