// SPDX-License-Identifier: GPL-2.0
/*
 * Source - the files that a kernel's facts are in
 */

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source.h"

/**
 * is_directory() - Return whether a path is that of a directory.
 * @path: the path
 *
 * Return: false also if there is none.
 */
bool is_directory(const char *path)
{
	struct stat stat_of;

	return !stat(path, &stat_of) && S_ISDIR(stat_of.st_mode);
}

/**
 * file_in() - Look for a file in a directory.
 * @sources: whose memory is used
 * @in: the directory
 * @name: the name of the file
 *
 * Return: the path of the file; NULL if there is none.
 */
const char *file_in(struct sources *sources, const char *in, const char *name)
{
	const char *path = arena_print(sources->arena, "%s/%s", in, name);

	return access(path, F_OK) ? NULL : path;
}

/**
 * sources_add() - Add a file.
 * @sources: the files
 * @kind: what it is
 * @path: its path; nothing is added if it is NULL or a directory
 */
void sources_add(struct sources *sources, enum source_kind kind, const char *path)
{
	struct source *source;

	if (!path || is_directory(path) || sources->nr == NR_SOURCES)
		return;
	source = &sources->files[sources->nr++];
	source->kind = kind;
	source->path = path;
}

/* Add what a directory has of a list of names. */
static void add_all(struct sources *sources, const char *in,
		    const struct source *list, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		sources_add(sources, list[i].kind, file_in(sources, in, list[i].path));
}

/**
 * sources_add_headers() - Add what a directory with headers has.
 * @sources: the files
 * @path: the directory, which may be one that a kernel is built in
 */
void sources_add_headers(struct sources *sources, const char *path)
{
	static const struct source list[] = {
		{ SOURCE_RELEASE, "include/config/kernel.release", false },
		{ SOURCE_UTSRELEASE, "include/generated/utsrelease.h", false },
		{ SOURCE_CONFIG, ".config", false },
		{ SOURCE_CONFIG, "include/config/auto.conf", false },
		{ SOURCE_SEED, "include/generated/randstruct_hash.h", false },
		{ SOURCE_SYMVERS, "Module.symvers", false },
		{ SOURCE_MODULES, "modules.order", false },
		{ SOURCE_BUILTIN, "modules.builtin.modinfo", false },
		{ SOURCE_IMAGE, "vmlinux", false },
		{ SOURCE_IMAGE, "arch/x86/boot/bzImage", false },
		{ SOURCE_IMAGE, "arch/arm64/boot/Image", false },
	};

	if (!sources->headers)
		sources->headers = path;
	add_all(sources, path, list, ARRAY_SIZE(list));
}

/**
 * is_headers() - Return whether a directory is one with headers.
 * @sources: whose memory is used
 * @path: the directory
 *
 * Return: true if it has one of the files that say so.
 */
bool is_headers(struct sources *sources, const char *path)
{
	return file_in(sources, path, ".config") ||
		file_in(sources, path, "Module.symvers") ||
		file_in(sources, path, "include/generated/utsrelease.h") ||
		file_in(sources, path, "include/config/kernel.release");
}

/* Return the begin of a file as text; NULL if it cannot be read. */
static char *read_begin(struct sources *sources, const char *path)
{
	char text[256] = {};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t got;

	if (fd < 0)
		return NULL;
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	return got <= 0 ? NULL : arena_copy(sources->arena, text, strlen(text));
}

/*
 * Return whether headers are those of a release: /lib/modules/RELEASE/build is
 * often where another kernel is built by now.
 */
static bool is_of(struct sources *sources, const char *path, const char *release)
{
	const char *file = file_in(sources, path, "include/generated/utsrelease.h");
	const char *text = file ? read_begin(sources, file) : NULL;

	if (!is_directory(path))
		return false;
	return !text || strstr(text, arena_print(sources->arena, "\"%s\"", release));
}

/**
 * sources_add_modules() - Add what a directory with modules has.
 * @sources: the files
 * @path: the directory, as /lib/modules/RELEASE
 */
void sources_add_modules(struct sources *sources, const char *path)
{
	static const struct source list[] = {
		{ SOURCE_MODULES, "modules.dep", false },
		{ SOURCE_MODULES, "modules.order", false },
		{ SOURCE_SYMBOLS, "modules.symbols", false },
		{ SOURCE_BUILTIN, "modules.builtin.modinfo", false },
		{ SOURCE_CONFIG, "config", false },
		{ SOURCE_SYMVERS, "symvers", false },
		{ SOURCE_IMAGE, "vmlinuz", false },
	};
	const char *build = file_in(sources, path, "build");
	const char *release = strrchr(path, '/');

	if (!sources->modules)
		sources->modules = path;
	add_all(sources, path, list, ARRAY_SIZE(list));
	if (build && !sources->headers &&
	    is_of(sources, build, release ? release + 1 : path))
		sources_add_headers(sources, build);
}

/**
 * is_modules() - Return whether a directory is one with modules.
 * @sources: whose memory is used
 * @path: the directory
 *
 * Return: true if it has one of the files that say so.
 */
bool is_modules(struct sources *sources, const char *path)
{
	return file_in(sources, path, "modules.dep") ||
		file_in(sources, path, "modules.builtin") ||
		file_in(sources, path, "modules.order");
}

/**
 * sources_add_kernel() - Add what a directory of the rig has.
 * @sources: the files
 * @path: the directory, with release, config, headers, vmlinuz and lib
 */
void sources_add_kernel(struct sources *sources, const char *path)
{
	static const struct source list[] = {
		{ SOURCE_RELEASE, "release", false },
		{ SOURCE_CONFIG, "config", false },
		{ SOURCE_IMAGE, "vmlinuz", false },
		{ SOURCE_IMAGE, "bzImage", false },
	};
	const char *file = file_in(sources, path, "release");
	char *release = file ? read_begin(sources, file) : NULL;
	const char *headers = file_in(sources, path, "headers");
	const char *modules = NULL;

	if (release) {
		release[strcspn(release, " \t\n")] = '\0';
		modules = arena_print(sources->arena, "%s/lib/modules/%s", path,
				      release);
	}
	add_all(sources, path, list, ARRAY_SIZE(list));
	if (headers && is_directory(headers))
		sources_add_headers(sources, headers);
	if (modules && is_directory(modules))
		sources_add_modules(sources, modules);
}

/**
 * is_kernel() - Return whether a directory is one of the rig.
 * @sources: whose memory is used
 * @path: the directory
 *
 * Return: true if it has one of the files that say so.
 */
bool is_kernel(struct sources *sources, const char *path)
{
	return file_in(sources, path, "headers") || file_in(sources, path, "release");
}

/* Add the headers for a release, if none were found yet. */
static void add_headers_of(struct sources *sources, const char *path,
			   const char *release)
{
	if (!sources->headers && is_of(sources, path, release))
		sources_add_headers(sources, path);
}

/**
 * sources_add_release() - Add the files that are installed for a release.
 * @sources: the files
 * @root: the directory with boot, lib and usr; "" for that of this machine
 * @release: the release
 *
 * The image is before what a directory has in which another may be built by now.
 */
void sources_add_release(struct sources *sources, const char *root,
			 const char *release)
{
	struct arena *arena = sources->arena;
	const char *path;

	path = arena_print(arena, "%s/boot", root);
	sources_add(sources, SOURCE_CONFIG,
		    file_in(sources, path, arena_print(arena, "config-%s", release)));
	sources_add(sources, SOURCE_IMAGE,
		    file_in(sources, path, arena_print(arena, "vmlinuz-%s", release)));
	path = arena_print(arena, "%s/lib/modules/%s", root, release);
	if (!is_directory(path))
		path = arena_print(arena, "%s/usr/lib/modules/%s", root, release);
	if (is_directory(path))
		sources_add_modules(sources, path);
	add_headers_of(sources, arena_print(arena, "%s/usr/src/linux-headers-%s",
					    root, release), release);
	add_headers_of(sources, arena_print(arena, "%s/usr/src/kernels/%s",
					    root, release), release);
}
