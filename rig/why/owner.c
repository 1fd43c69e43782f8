// SPDX-License-Identifier: GPL-2.0
/*
 * Owner - a module of the kernel, and what it exports
 */

#include <string.h>

#include "object.h"
#include "owner.h"

/**
 * lines_next() - Take the next line of a text.
 * @rest: the text, which begins after the line afterwards
 * @line: set to the line, without its end
 *
 * Return: false if there is none.
 */
bool lines_next(struct buffer *rest, struct buffer *line)
{
	const __u8 *end;

	if (!rest->size)
		return false;
	end = memchr(rest->data, '\n', rest->size);
	*line = *rest;
	if (end)
		line->size = end - rest->data;
	*rest = buffer_part(*rest, line->size + !!end,
			    rest->size - line->size - !!end);
	return true;
}

/* Return whether a path is that of a module, whose name has "_" for "-". */
static bool is_path_of(struct buffer path, const char *name)
{
	const __u8 *slash = memrchr(path.data, '/', path.size);
	size_t begin = slash ? slash + 1 - path.data : 0;
	size_t length = strlen(name);
	size_t i;

	if (path.size - begin < length + 3 ||
	    memcmp(path.data + begin + length, ".ko", 3))
		return false;
	for (i = 0; i < length; i++) {
		char byte = (char)path.data[begin + i];

		if (name[i] != (byte == '-' ? '_' : byte))
			return false;
	}
	return true;
}

/* Return the path of a module by its name; NULL if there is none. */
static const char *find_module(struct owners *owners, const char *name)
{
	struct buffer line;
	struct buffer rest;

	if (!owners->list.data)
		owners->list = buffer_load(&owners->arena,
					   arena_print(&owners->arena,
						       "%s/modules.dep",
						       owners->directory));
	rest = owners->list;
	while (lines_next(&rest, &line)) {
		const __u8 *colon = memchr(line.data, ':', line.size);

		line.size = colon ? (size_t)(colon - line.data) : 0;
		if (!is_path_of(line, name))
			continue;
		return arena_print(&owners->arena, "%s%s%.*s",
				   line.data[0] == '/' ? "" : owners->directory,
				   line.data[0] == '/' ? "" : "/",
				   (int)line.size, line.data);
	}
	return NULL;
}

static const char *copy_text(struct arena *arena, const char *text)
{
	return text ? arena_copy(arena, text, strlen(text)) : NULL;
}

/* Copy what a file exports, because the file is not kept. */
static void copy_exports(struct arena *arena, struct owner *owner,
			 const struct object *object)
{
	unsigned int i;

	owner->exports = arena_alloc(arena, object->nr_exports *
				     sizeof(owner->exports[0]));
	owner->nr = object->nr_exports;
	for (i = 0; i < owner->nr; i++) {
		const struct object_export *from = &object->exports[i];

		owner->exports[i] = (struct kernel_export){
			.name = copy_text(arena, from->name),
			.space = copy_text(arena, from->space),
			.owner = owner->name,
			.crc = from->crc,
			.has_crc = from->has_crc,
			.is_gpl = from->is_gpl,
		};
	}
}

/* Read what a module of the kernel exports. */
static struct owner *read_owner(struct owners *owners, const char *name)
{
	struct owner *owner = arena_alloc(&owners->arena, sizeof(*owner));
	const char *path = find_module(owners, name);
	struct object object = {};
	const char *error;

	owner->name = copy_text(&owners->arena, name);
	owner->next = owners->first;
	owners->first = owner;
	if (path && object_open(&object, path, &error))
		copy_exports(&owners->arena, owner, &object);
	object_close(&object);
	return owner;
}

/**
 * owners_find() - Find an export in the file of its owner.
 * @owners: the modules that were read, and the directory they are in
 * @name: the symbol
 * @owner: the name of the module
 * @found: set to what the file tells about the symbol
 *
 * Return: false if the file cannot be read, or does not export the symbol.
 */
bool owners_find(struct owners *owners, const char *name, const char *owner,
		 struct kernel_export *found)
{
	struct owner *its = owners->first;
	unsigned int i;

	while (its && strcmp(its->name, owner))
		its = its->next;
	if (!its)
		its = read_owner(owners, owner);
	for (i = 0; i < its->nr; i++)
		if (!strcmp(its->exports[i].name, name)) {
			*found = its->exports[i];
			return true;
		}
	return false;
}
