// SPDX-License-Identifier: GPL-2.0
/*
 * Survey - read all files of a kernel
 *
 * The image is read first, because it is the kernel; the first answer to a
 * question counts.
 */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "btf.h"
#include "builtin.h"
#include "config.h"
#include "image.h"
#include "object.h"
#include "owner.h"
#include "payload.h"
#include "survey.h"
#include "symvers.h"

/* The most that a configuration has after decompression. */
#define CONFIG_LIMIT	(16UL << 20)

/* Read what a module of the kernel's own tells about the kernel. */
static bool read_module(struct draft *draft, const char *path)
{
	struct object object = {};
	const char *error;
	const char *vermagic;
	bool done = false;

	if (object_open(&object, path, &error) && object.is_readable) {
		vermagic = object_modinfo(&object, "vermagic", NULL);
		draft->machine = object.header.e_machine;
		if (object.this_module && !draft->module_size)
			draft->module_size = (unsigned int)
				object.sections[object.this_module].sh_size;
		if (vermagic)
			draft_vermagic(draft, vermagic, strlen(vermagic));
		done = vermagic;
	}
	object_close(&object);
	return done;
}

/* Return whether a path is that of a module that was added to the kernel's own. */
static bool is_added(const char *path)
{
	return !strncmp(path, "updates/", 8) || !strncmp(path, "extra/", 6) ||
		!strncmp(path, "weak-updates/", 13) || path[0] == '/';
}

/*
 * Read the first module of a list that can be read; try a few.  A line begins
 * with the path, from where the list is, and may say .o for .ko.
 */
static void read_modules(struct draft *draft, const char *list, struct buffer file)
{
	const char *slash = strrchr(list, '/');
	unsigned int tries = 0;
	struct buffer line;

	while (tries < 8 && lines_next(&file, &line)) {
		const __u8 *colon = memchr(line.data, ':', line.size);
		size_t length = colon ? (size_t)(colon - line.data) : line.size;
		const char *path = arena_copy(&draft->arena, (char *)line.data,
					      length);
		bool is_o;

		if (length < 3 || is_added(path))
			continue;
		is_o = !strcmp(path + length - 2, ".o");
		path = arena_print(&draft->arena, "%.*s/%.*s%s",
				   (int)(slash - list), list,
				   (int)length - 2 * is_o, path,
				   is_o ? ".ko" : "");
		if (read_module(draft, path))
			return;
		tries++;
	}
}

/* Return the text between the first two double quotes of a file. */
static const char *quoted(struct draft *draft, struct buffer file, const char *after)
{
	struct buffer rest;
	const __u8 *end;
	size_t at;

	if (!buffer_find(file, after, strlen(after), &at))
		return NULL;
	rest = buffer_part(file, at, file.size - at);
	if (!buffer_find(rest, "\"", 1, &at))
		return NULL;
	rest = buffer_part(rest, at + 1, rest.size - at - 1);
	end = memchr(rest.data, '"', rest.size);
	if (!end || memchr(rest.data, '\0', end - rest.data))
		return NULL;
	return arena_copy(&draft->arena, (const char *)rest.data, end - rest.data);
}

static void read_config(struct draft *draft, struct buffer file)
{
	struct buffer plain = file;

	if (draft->knows & KNOWS_CONFIG)
		return;
	if (buffer_packing(file) != PACKING_NONE)
		buffer_unpack(&draft->arena, file, CONFIG_LIMIT, &plain);
	config_parse(plain, draft);
}

/* Read a file that is small enough to be read as a whole. */
static void read_file(struct draft *draft, const struct source *source,
		      const char **seed)
{
	struct buffer file = buffer_load(&draft->arena, source->path);
	const char *text;

	if (!file.data && source->is_named)
		die("%s cannot be read: %s", source->path, strerror(errno));
	if (!file.data)
		return;
	switch (source->kind) {
	case SOURCE_MODULES:
		if (!draft->vermagic || !draft->module_size)
			read_modules(draft, source->path, file);
		break;
	case SOURCE_RELEASE:
		if (!draft->release)
			draft_release(draft, (const char *)file.data,
				      strcspn((const char *)file.data, " \t\n"));
		break;
	case SOURCE_UTSRELEASE:
		text = quoted(draft, file, "UTS_RELEASE");
		if (text)
			draft_release(draft, text, strlen(text));
		break;
	case SOURCE_CONFIG:
		read_config(draft, file);
		break;
	case SOURCE_SEED:
		*seed = quoted(draft, file, "RANDSTRUCT_HASHED_SEED");
		break;
	case SOURCE_SYMVERS:
		symvers_parse(file, draft);
		break;
	case SOURCE_SYMBOLS:
		symbols_parse(file, draft);
		break;
	case SOURCE_BUILTIN:
		builtin_parse(file, draft);
		break;
	default:
		if (!draft->module_size)
			draft->module_size = btf_module_size(file);
		if (!draft->btf_names)
			draft->btf_names = btf_names_size(file);
		break;
	}
}

static void read_image(struct draft *draft, const struct source *source)
{
	int fd = open(source->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct payload payload = {};
	struct buffer image = {};
	const char *error;
	struct stat stat;
	void *map = MAP_FAILED;

	if (fd >= 0 && !fstat(fd, &stat) && stat.st_size > 0)
		map = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (map == MAP_FAILED) {
		if (source->is_named)
			die("%s cannot be read: %s", source->path, strerror(errno));
		return;
	}
	image.data = map;
	image.size = (size_t)stat.st_size;
	error = payload_open(&payload, image);
	if (!error && !image_parse(payload.contents, draft))
		error = "is not the image of a kernel: name vmlinuz, bzImage or vmlinux";
	if (error && source->is_named)
		die("%s %s", source->path, error);
	payload_close(&payload);
	munmap(map, image.size);
}

/* Read the images that the user named, or else the first that tells enough. */
static void read_images(struct draft *draft, const struct sources *sources)
{
	bool has_named = false;
	unsigned int i;

	for (i = 0; i < sources->nr; i++)
		if (sources->files[i].kind == SOURCE_IMAGE &&
		    sources->files[i].is_named) {
			read_image(draft, &sources->files[i]);
			has_named = true;
		}
	for (i = 0; i < sources->nr && !has_named; i++)
		if (sources->files[i].kind == SOURCE_IMAGE &&
		    !(draft->knows & KNOWS_PARAMETERS))
			read_image(draft, &sources->files[i]);
}

/**
 * survey_read() - Read all files of a kernel.
 * @draft: what is added to
 * @sources: the files
 */
void survey_read(struct draft *draft, const struct sources *sources)
{
	const char *seed = NULL;
	unsigned int kind;
	unsigned int i;

	read_images(draft, sources);
	for (kind = 0; kind < SOURCE_IMAGE; kind++)
		for (i = 0; i < sources->nr; i++)
			if (sources->files[i].kind == kind)
				read_file(draft, &sources->files[i], &seed);
	if (sources->release && !draft->release)
		draft_release(draft, sources->release, strlen(sources->release));
	if (draft->knows & KNOWS_CONFIG)
		config_vermagic(draft, seed);
	else
		config_infer(draft);
}
