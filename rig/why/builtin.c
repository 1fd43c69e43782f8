// SPDX-License-Identifier: GPL-2.0
/*
 * Builtin - parts of a kernel that have the names of modules
 */

#include <string.h>

#include "builtin.h"
#include "config.h"

/* struct kernel_param of Linux, for 64 bits. */
struct parameter {
	__u64 name;
	__u64 module;
	__u64 functions;
	__u16 rights;
	__u8 level;
	__u8 flags;
	__u64 argument;
};

/**
 * builtin_parse() - Read a file modules.builtin.modinfo.
 * @file: its contents, which may be hostile: "NAME.KEY=VALUE", each with a NUL
 * @draft: what the names are added to
 *
 * A part with a version has a directory in /sys/module.  One with parameters
 * may have none, because its parameters may have no file there or another name
 * in front of them: only the image tells.
 */
void builtin_parse(struct buffer file, struct draft *draft)
{
	size_t offset = 0;
	const char *text;
	__u32 last = 0;

	while ((text = buffer_string(file, offset))) {
		size_t length = strcspn(text, ".=");
		struct facts_entry entry = { .flags = ENTRY_IS_MAYBE };
		const char *key = text + length + 1;

		offset += strlen(text) + 1;
		if (!length || text[length] != '.')
			continue;
		if (!strncmp(key, "version=", 8))
			entry.flags = 0;
		else if (last && !strncmp(draft->strings + last, text, length) &&
			 !draft->strings[last + length])
			continue;
		entry.name = draft_string(draft, text, length);
		last = entry.name;
		draft_add(draft, FACTS_BUILTINS, &entry);
		draft->knows |= KNOWS_BUILTINS;
	}
}

/* A kernel has some 300 parameters: more than this are not looked at. */
static size_t limited(size_t nr)
{
	return nr < 16384 ? nr : 16384;
}

/* Add the name of a built-in part that has a directory in /sys/module. */
static void add_builtin(struct draft *draft, const char *name, size_t length)
{
	struct facts_entry entry = {};

	entry.name = draft_string(draft, name, length);
	draft_add(draft, FACTS_BUILTINS, &entry);
}

/*
 * module.sig_enforce is there if Linux was built with MODULE_SIG, and it is set
 * in the file if it was built with MODULE_SIG_FORCE.
 */
static void read_enforce(const struct image *image, struct draft *draft,
			 __u64 address)
{
	bool is_zero;
	struct buffer memory = image_memory(image, address, &is_zero);
	__u8 value = 0;

	config_add(draft, "MODULE_SIG", true);
	if (buffer_read(memory, 0, &value, 1) || is_zero)
		config_add(draft, "MODULE_SIG_FORCE", value);
}

/* Read the parameters of built-in parts, as param_sysfs_builtin() does. */
static void read_parameters(const struct image *image, struct draft *draft)
{
	__u64 unused;
	struct buffer section = image_section(image, "__param", &unused);
	struct parameter parameter;
	bool has_enforce = false;
	size_t nr = limited(section.size / sizeof(parameter));
	size_t i;

	for (i = 0; i < nr; i++) {
		const char *name;

		buffer_read(section, i * sizeof(parameter), &parameter,
			    sizeof(parameter));
		name = image_string(image, parameter.name);
		if (!name)
			return;
		if (!strcmp(name, "module.sig_enforce")) {
			read_enforce(image, draft, parameter.argument);
			has_enforce = true;
		}
		if (!parameter.rights)
			continue;
		if (strchr(name, '.'))
			add_builtin(draft, name, strcspn(name, "."));
		else
			add_builtin(draft, "kernel", 6);
	}
	if (nr)
		draft->knows |= KNOWS_PARAMETERS;
	if (nr && !has_enforce) {
		config_add(draft, "MODULE_SIG", false);
		config_add(draft, "MODULE_SIG_FORCE", false);
	}
}

/*
 * Read the versions of built-in parts.  An entry begins with the address of the
 * string "version", and ends with the addresses of the name and the version.
 */
static void read_versions(const struct image *image, struct draft *draft)
{
	__u64 unused;
	struct buffer section = image_section(image, "__modver", &unused);
	size_t nr = limited(section.size / 8);
	size_t begin = 0;
	size_t i;

	for (i = 1; i <= nr; i++) {
		const char *name;
		__u64 address = 0;

		buffer_read(section, i * 8, &address, sizeof(address));
		name = i < nr ? image_string(image, address) : "version";
		if (!name || strcmp(name, "version") || i - begin < 4)
			continue;
		buffer_read(section, (i - 2) * 8, &address, sizeof(address));
		name = image_string(image, address);
		if (name)
			add_builtin(draft, name, strlen(name));
		begin = i;
	}
}

/**
 * builtin_read() - Read the parameters and versions that are in an image.
 * @image: the image, which may be hostile
 * @draft: what the names of the parts are added to
 */
void builtin_read(const struct image *image, struct draft *draft)
{
	read_parameters(image, draft);
	read_versions(image, draft);
}
