/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Module - a kernel module that is loaded and unloaded by its name
 *
 * These functions look up a module's file in /lib/modules, as modprobe does.
 * If the name ends in .gz, .xz or .zst, they decompress the file.  They make
 * the system calls themselves, because modprobe does not pass on the errors of
 * these calls.  In a module's name, '-' and '_' are the same.  A function that
 * can fail returns a negative errno.
 *
 * If a test program is named after a module, as full_ex_owner_test is, and that
 * module is built in, the whole program is skipped, because the module cannot
 * be loaded.
 */
#ifndef _SELFTESTS_LIB_MODULE_H
#define _SELFTESTS_LIB_MODULE_H

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sysret.h"
#include "timeout.h"

/* The modules.dep of a distribution's kernel has about 600 KiB. */
#define MODULE_MAX_DEP		(4 * 1024 * 1024)
#define MODULE_MAX_PATHS	8
#define MODULE_SEPARATORS	" :\n"

#ifndef MODULE_DIR
#define MODULE_DIR		"/lib/modules"
#endif

/*
 * The paths of a module and of the modules it depends on.  Its own is the
 * first.
 */
struct module_paths {
	char line[PATH_MAX];
	char *path[MODULE_MAX_PATHS];
	int nr;
};

static inline char module_char(char c)
{
	return c == '-' ? '_' : c;
}

/* Returns true if @text begins with the module's @name, followed by @next. */
static inline bool module_is_named(const char *text, const char *name,
				   const char *next)
{
	for (; *name; name++, text++) {
		if (module_char(*text) != module_char(*name))
			return false;
	}
	return !strncmp(text, next, strlen(next));
}

/* Writes to @full the path of the directory of a loaded module in sysfs. */
static inline void module_directory(char *full, size_t size, const char *name)
{
	char *at = full + snprintf(full, size, "/sys/module/");

	for (; *name && at < full + size - 1; name++)
		*at++ = module_char(*name);
	*at = '\0';
}

/* Writes to @full the path of @path below /lib/modules/<the running kernel>. */
static inline void module_path(char *full, size_t size, const char *path)
{
	struct utsname uts;

	uname(&uts);
	snprintf(full, size, MODULE_DIR "/%s/%s", uts.release, path);
}

/*
 * Returns the program that decompresses @path, or NULL if it is not compressed.
 */
static inline const char *module_unpacker(const char *path)
{
	const char *end = strrchr(path, '.');

	if (end && !strcmp(end, ".gz"))
		return "gzip";
	if (end && !strcmp(end, ".xz"))
		return "xz";
	return end && !strcmp(end, ".zst") ? "zstd" : NULL;
}

/*
 * Runs @unpacker to decompress from the descriptor @from to the descriptor @to.
 */
static inline int module_unpack_to(const char *unpacker, int from, int to)
{
	pid_t child = fork();
	int status;

	if (!child) {
		dup2(from, STDIN_FILENO);
		dup2(to, STDOUT_FILENO);
		execlp(unpacker, unpacker, "-dc", NULL);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return -errno;

	return status ? -ENOEXEC : 0;
}

/*
 * Writes the decompressed content of @packed to a file in memory.  Returns a
 * new descriptor of that file, which is open for reading only: the kernel does
 * not load a module from a file that is open for writing.
 */
static inline int module_unpack(const char *unpacker, int packed)
{
	int written = syscall(SYS_memfd_create, "module", 0);
	char path[sizeof("/proc/self/fd/") + 10];
	int err;

	if (written < 0)
		return -errno;

	err = module_unpack_to(unpacker, packed, written);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", written);
	if (!err)
		err = sysret(open(path, O_RDONLY | O_CLOEXEC));
	close(written);
	return err;
}

/* Opens a module's file, or its decompressed content if it is compressed. */
static inline int module_file_open(const char *path)
{
	const char *unpacker = module_unpacker(path);
	int packed = sysret(open(path, O_RDONLY | O_CLOEXEC));
	int fd;

	if (packed < 0 || !unpacker)
		return packed;

	fd = module_unpack(unpacker, packed);
	close(packed);
	return fd;
}

/* Opens a module's file by its path in modules.dep. */
static inline int module_dir_open(const char *path)
{
	char full[2 * PATH_MAX];

	module_path(full, sizeof(full), path);
	return module_file_open(full);
}

static char module_dep[MODULE_MAX_DEP];
static char module_builtin[MODULE_MAX_DEP / 8];

static inline void module_read_text(const char *path, char *text, size_t size)
{
	int fd = module_dir_open(path);
	size_t len = 0;
	ssize_t ret;

	if (fd < 0)
		return;
	while ((ret = read(fd, text + len, size - 1 - len)) > 0)
		len += ret;
	close(fd);
}

/*
 * Finds the line of @text in which the path of module @name is followed by the
 * character @next.  Each path has a slash before the module's name.
 */
static inline const char *module_find_in(const char *text, const char *name,
					 char next)
{
	char start[NAME_MAX + 1];
	const char *at;

	snprintf(start, sizeof(start), "/%.*s", (int)strcspn(name, "-_"), name);
	for (at = strstr(text, start); at; at = strstr(at + 1, start)) {
		if (!module_is_named(at + 1, name, ".ko") ||
		    at[strcspn(at, MODULE_SEPARATORS)] != next)
			continue;
		while (at > text && at[-1] != '\n')
			at--;
		return at;
	}
	return NULL;
}

static inline const char *module_find_line(const char *name)
{
	return module_find_in(module_dep, name, ':');
}

/*
 * If the module is built in, returns the reason why it cannot be loaded.
 * Returns NULL otherwise.
 */
static inline const char *module_lacking(const char *name)
{
	static char lacking[2 * NAME_MAX];
	char *at = lacking;

	if (module_find_line(name) ||
	    !module_find_in(module_builtin, name, '\n'))
		return NULL;

	at += sprintf(at, "needs CONFIG_MODPROOF_");
	for (; *name; name++)
		*at++ = toupper(module_char(*name));
	sprintf(at, "=m, and it is built in");
	return lacking;
}

/*
 * Reads modules.dep, which has thousands of lines, only once, before main().
 * Each test runs in a child process, and all of these inherit the text.  Skips
 * the program if a module that it is named after is built in.
 */
__attribute__((constructor)) static inline void module_read_dep(void)
{
	char name[NAME_MAX + 1];
	char *end;

	module_read_text("modules.dep", module_dep, sizeof(module_dep));
	module_read_text("modules.builtin", module_builtin,
			 sizeof(module_builtin));
	snprintf(name, sizeof(name), "%s", program_invocation_short_name);
	while ((end = strrchr(name, '_'))) {
		*end = '\0';
		if (module_lacking(name)) {
			printf("TAP version 13\n1..0 # SKIP %s\n",
			       module_lacking(name));
			exit(4);
		}
	}
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

/* Loads a module from its open file; @params is NULL if there are none. */
static inline int module_insert(int fd, const char *params)
{
	return sysret(syscall(SYS_finit_module, fd, params ? params : "", 0));
}

static inline int module_insert_path(const char *path)
{
	int fd = module_dir_open(path);
	int err = fd < 0 ? fd : module_insert(fd, NULL);

	if (fd >= 0)
		close(fd);
	return err == -EEXIST ? 0 : err;
}

/*
 * Loads the modules that @name depends on.  Returns a descriptor of the file of
 * @name itself, which the caller may pass to module_insert().
 */
static inline int module_open(const char *name)
{
	struct module_paths found;
	int err = module_find(name, &found);

	if (err && module_lacking(name))
		printf("# %s\n", module_lacking(name));
	else if (err)
		printf("# %s is not in modules.dep: %s\n", name,
		       "add it to Kbuild and Kconfig, or run make modules_install");
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

/* Returns a module's reference count, or -ENOENT if it is not loaded. */
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

/* Loads a module.  If it is already loaded, unloads it first. */
static inline int module_reload(const char *name, const char *params)
{
	int err = module_unload(name);

	return err && err != -ENOENT ? err : module_load(name, params);
}

static inline bool module_is_loaded(const char *name)
{
	return module_refcount(name) >= 0;
}

#endif /* _SELFTESTS_LIB_MODULE_H */
