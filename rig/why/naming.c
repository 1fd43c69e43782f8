// SPDX-License-Identifier: GPL-2.0
/*
 * Naming - find the files of the kernel that the user named
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "source.h"

#define ACCEPTED \
	"name a release as uname -r prints it, an image (vmlinuz, vmlinux), " \
	"a directory with headers or modules, Module.symvers, " \
	"a configuration, or a directory in $MODPROOF_KERNELS"

static void add_running(struct sources *sources, const char *release)
{
	sources->is_running = true;
	sources->release = release;
	if (!access("/proc/config.gz", R_OK))
		sources_add(sources, SOURCE_CONFIG, "/proc/config.gz");
	sources_add_release(sources, "", release);
	if (!access("/sys/kernel/btf/vmlinux", R_OK))
		sources_add(sources, SOURCE_BTF, "/sys/kernel/btf/vmlinux");
}

/* Add a file, whose kind its first bytes tell. */
static void add_file(struct sources *sources, const char *path)
{
	unsigned char begin[4096] = {};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	unsigned int nr = sources->nr;
	enum source_kind kind;
	struct stat stat;
	ssize_t got;

	if (fd < 0)
		die("%s cannot be read as a kernel: %s", path, strerror(errno));
	if (!fstat(fd, &stat) && !S_ISREG(stat.st_mode))
		die("%s is not a regular file: " ACCEPTED, path);
	got = read(fd, begin, sizeof(begin) - 1);
	close(fd);
	if (got < 4)
		die("%s is neither an image nor headers of a kernel: " ACCEPTED,
		    path);
	if (!memcmp(begin, "\177ELF\2\1", 6) && begin[16] == 1)
		die("%s is a module, and a kernel is expected: " ACCEPTED, path);
	if (!memcmp(begin, "0x", 2) && strchr((char *)begin, '\t'))
		kind = SOURCE_SYMVERS;
	else if (strstr((char *)begin, "CONFIG_"))
		kind = SOURCE_CONFIG;
	else if (!memcmp(begin, "\x9f\xeb", 2))
		kind = SOURCE_BTF;
	else
		kind = SOURCE_IMAGE;
	sources_add(sources, kind, path);
	if (sources->nr > nr)
		sources->files[nr].is_named = true;
}

/*
 * Add a directory with modules.  What is ROOT/lib/modules/RELEASE has the image
 * in ROOT/boot and the headers in ROOT/usr/src.
 */
static void add_modules(struct sources *sources, const char *path)
{
	const char *parent = "/lib/modules/";
	const char *at = strstr(path, parent);
	const char *release = at ? at + strlen(parent) : NULL;
	size_t length = at ? (size_t)(at - path) : 0;

	if (!release || strchr(release, '/')) {
		sources_add_modules(sources, path);
		return;
	}
	if (length >= 4 && !memcmp(at - 4, "/usr", 4))
		length -= 4;
	sources_add_release(sources, arena_copy(sources->arena, path, length),
			    release);
}

static void add_path(struct sources *sources, const char *path)
{
	if (!is_directory(path))
		add_file(sources, path);
	else if (is_headers(sources, path))
		sources_add_headers(sources, path);
	else if (is_modules(sources, path))
		add_modules(sources, path);
	else if (is_kernel(sources, path))
		sources_add_kernel(sources, path);
	else
		die("%s has no headers, modules or image of a kernel: " ACCEPTED,
		    path);
}

/* Look for a name in $MODPROOF_KERNELS; return its directory, or NULL. */
static const char *find_name(struct sources *sources, const char *name)
{
	const char *list = getenv("MODPROOF_KERNELS");

	while (list && *list) {
		size_t length = strcspn(list, ":");
		const char *path = arena_print(sources->arena, "%.*s/%s",
					       (int)length, list, name);

		if (length && is_directory(path))
			return path;
		list += length + (list[length] == ':');
	}
	return NULL;
}

/* Append the names of the kernels in a directory to a list with commas. */
static const char *list_names(struct sources *sources, const char *names,
			      const char *in)
{
	DIR *directory = opendir(in);
	struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		const char *path = file_in(sources, in, entry->d_name);

		if (entry->d_name[0] != '.' && path && strlen(names) < 400 &&
		    (is_modules(sources, path) || is_kernel(sources, path)))
			names = arena_print(sources->arena, "%s%s%s", names,
					    *names ? ", " : "", entry->d_name);
	}
	if (directory)
		closedir(directory);
	return names;
}

/* End the program, and say which kernels there are. */
static __noreturn void no_kernel(struct sources *sources, const char *named)
{
	const char *list = getenv("MODPROOF_KERNELS");
	const char *names = list_names(sources, "", "/lib/modules");

	while (list && *list) {
		size_t length = strcspn(list, ":");

		names = list_names(sources, names,
				   arena_copy(sources->arena, list, length));
		list += length + (list[length] == ':');
	}
	die("there is no kernel %s: %s%s%s" ACCEPTED, named,
	    *names ? "there are " : "", names, *names ? "; " : "");
}

static void add_named(struct sources *sources, const char *named)
{
	unsigned int nr = sources->nr;
	const char *path;
	struct utsname host;

	uname(&host);
	if (!*named || !strcmp(named, host.release)) {
		add_running(sources, arena_copy(sources->arena, host.release,
						strlen(host.release)));
		return;
	}
	path = realpath(named, NULL);
	if (path) {
		const char *copy = arena_copy(sources->arena, path, strlen(path));

		free((void *)path);
		add_path(sources, copy);
		return;
	}
	path = strchr(named, '/') ? NULL : find_name(sources, named);
	if (path) {
		add_path(sources, path);
	} else {
		if (!strchr(named, '/'))
			sources_add_release(sources, "", named);
		if (sources->nr == nr)
			no_kernel(sources, named);
		sources->release = named;
	}
}

/* Describe all files, so that a change of one changes the description. */
static void describe(struct sources *sources)
{
	struct arena *arena = sources->arena;
	const char *name = "";
	const char *key = "";
	struct utsname host = {};
	unsigned int i;

	for (i = 0; i < sources->nr; i++) {
		const struct source *source = &sources->files[i];
		struct stat file = {};

		stat(source->path, &file);
		/* What the kernel makes has a new time whenever it is read. */
		if (!strncmp(source->path, "/proc/", 6) ||
		    !strncmp(source->path, "/sys/", 5))
			file = (struct stat){ .st_size = file.st_size };
		name = arena_print(arena, "%s%d%d %s\n", name, source->kind,
				   source->is_named, source->path);
		/* The time of the contents can be set; that of the change cannot. */
		key = arena_print(arena, "%s%lld %llu %lld.%09ld %lld.%09ld\n", key,
				  (long long)file.st_size,
				  (unsigned long long)file.st_ino,
				  (long long)file.st_mtim.tv_sec,
				  file.st_mtim.tv_nsec,
				  (long long)file.st_ctim.tv_sec,
				  file.st_ctim.tv_nsec);
	}
	if (sources->is_running)
		uname(&host);
	sources->name = name;
	sources->key = arena_print(arena, "%s%s%s %s\n", name, key, host.release,
				   host.version);
}

/**
 * sources_find() - Find the files of the kernel that the user named.
 * @sources: set to the files; all zero before but @arena
 * @named: what the user named; NULL or "" for the running kernel
 *
 * The program ends with one line if there is no such kernel.
 */
void sources_find(struct sources *sources, const char *named)
{
	const char *rest = named;

	if (!named || access(named, F_OK) == 0 || !strchr(named, ',')) {
		add_named(sources, named ? named : "");
		rest = "";
	}
	while (*rest) {
		size_t length = strcspn(rest, ",");

		if (length)
			add_named(sources,
				  arena_copy(sources->arena, rest, length));
		rest += length + (rest[length] == ',');
	}
	if (!sources->nr && !sources->is_running)
		no_kernel(sources, named);
	describe(sources);
}
