// SPDX-License-Identifier: GPL-2.0
/*
 * Object - the file of a module, as the kernel sees it
 */

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "object.h"

/* The most that a compressed module may have after decompression. */
#define UNPACKED_LIMIT		(512UL << 20)
/* Longer names of symbols are not read; those of Linux have 511 bytes. */
#define NAME_LIMIT		4096
/* More entries than a file of 512 MiB has are not read. */
#define ENTRIES_LIMIT		(8U << 20)

/* What a signature that is appended to a module ends with. */
static const char signature_marker[] = "~Module signature appended~\n";

/* Where struct module has its name, and how long this is; the same since 2.6. */
#define NAME_OFFSET		24
#define NAME_SIZE		56

/* The form of an entry of __versions. */
struct version_entry {
	__u64 crc;
	char name[NAME_SIZE];
};

/* The structure before the marker; include/linux/module_signature.h. */
#define SIGNATURE_STRUCT_SIZE	12
#define SIGNATURE_TYPE		2
#define SIGNATURE_TYPE_PKCS7	2

/* Return what the header of a section says is in the file, whatever its type. */
static struct buffer file_part(const struct object *object, unsigned int index)
{
	const struct elf64_shdr *section;

	if (!index || index >= object->nr_sections)
		return (struct buffer){};
	section = &object->sections[index];
	return buffer_part(object->elf, section->sh_offset, section->sh_size);
}

/* Return the size of a signature, or 0 if Linux does not take it off. */
static __u64 signature_size(struct buffer file)
{
	__u8 info[SIGNATURE_STRUCT_SIZE];
	__u64 length;

	if (file.size <= sizeof(info))
		return 0;
	buffer_read(file, file.size - sizeof(info), info, sizeof(info));
	length = (__u64)info[8] << 24 | info[9] << 16 | info[10] << 8 | info[11];
	if (length >= file.size - sizeof(info) ||
	    info[SIGNATURE_TYPE] != SIGNATURE_TYPE_PKCS7)
		return 0;
	return length + sizeof(info);
}

/*
 * Cut off what module_sig_check() takes off: the marker, and what is before it
 * if that can be a signature.
 */
static void cut_signature(struct object *object)
{
	size_t marker = sizeof(signature_marker) - 1;
	struct buffer file = object->file;

	object->elf = file;
	if (object->is_whole || file.size <= marker ||
	    memcmp(file.data + file.size - marker, signature_marker, marker))
		return;
	object->elf.size -= marker;
	object->elf.size -= signature_size(object->elf);
}

/* Read the header and the table of sections, if they are inside the file. */
static bool read_sections(struct object *object)
{
	struct elf64_hdr *header = &object->header;
	struct buffer elf = object->elf;
	size_t size = elf.size < sizeof(*header) ? elf.size : sizeof(*header);
	__u64 bytes;

	buffer_read(elf, 0, header, size);
	bytes = (__u64)header->e_shnum * sizeof(struct elf64_shdr);
	/* Linux does not look at EI_CLASS either. */
	if (size < sizeof(*header) || memcmp(header->e_ident, ELFMAG, SELFMAG) ||
	    header->e_shentsize != sizeof(struct elf64_shdr) || !bytes ||
	    !buffer_part(elf, header->e_shoff, bytes).size)
		return false;
	object->sections = arena_alloc(&object->arena, bytes);
	object->nr_sections = header->e_shnum;
	buffer_read(elf, header->e_shoff, object->sections, bytes);
	if (header->e_shstrndx < object->nr_sections)
		object->section_names = object_section(object, header->e_shstrndx);
	return true;
}

/* Give the last string of the file an end, if it has none. */
static void read_tail(struct object *object)
{
	struct buffer file = object->file;
	const __u8 *last = file.size ? memrchr(file.data, '\0', file.size) : NULL;

	object->tail_at = last ? last - file.data + 1 : 0;
	object->tail = arena_copy(&object->arena,
				  (const char *)file.data + object->tail_at,
				  file.size - object->tail_at);
}

/* Return the string at an offset of the file, or NULL if this is outside. */
static const char *file_string(const struct object *object, __u64 offset)
{
	if (offset >= object->file.size)
		return NULL;
	if (offset >= object->tail_at)
		return object->tail + (offset - object->tail_at);
	return (const char *)object->file.data + offset;
}

/**
 * object_is_cut_off() - Return true if a string goes on after the end of the file.
 * @object: the object
 * @text: a string that is in the file
 *
 * What Linux finds there depends on what was in its memory before.
 */
bool object_is_cut_off(const struct object *object, const char *text)
{
	size_t size = object->file.size - object->tail_at;

	return (uintptr_t)text - (uintptr_t)object->tail <= size;
}

/*
 * Return a name of a symbol; "" if there is none, or if it is so long that to
 * compare all names would take minutes.  Linux before 6.13 reads on after the
 * end of the section, so the file is the limit; later, check_string_table()
 * comes first.
 */
static const char *symbol_name(const struct object *object, __u64 names,
			       __u32 offset)
{
	const char *name = NULL;

	if (names < object->file.size)
		name = file_string(object, names + offset);
	return name && strnlen(name, NAME_LIMIT) < NAME_LIMIT ? name : "";
}

static void read_symbols(struct object *object)
{
	__u64 names = ~0ULL;
	struct buffer entries;
	unsigned int link;
	unsigned int i;

	for (i = 1; i < object->nr_sections; i++)
		if (object->sections[i].sh_type == SHT_SYMTAB)
			break;
	if (i >= object->nr_sections)
		return;
	object->symtab = i;
	entries = object_section(object, i);
	link = object->sections[i].sh_link;
	if (link < object->nr_sections)
		names = object->sections[link].sh_offset;
	if (entries.size / sizeof(struct elf64_sym) > ENTRIES_LIMIT)
		return;
	object->nr_symbols = entries.size / sizeof(struct elf64_sym);
	object->symbols = arena_alloc(&object->arena, object->nr_symbols *
				      sizeof(object->symbols[0]));
	for (i = 0; i < object->nr_symbols; i++) {
		struct object_symbol *symbol = &object->symbols[i];

		buffer_read(entries, i * sizeof(symbol->raw), &symbol->raw,
			    sizeof(symbol->raw));
		symbol->name = symbol_name(object, names,
					   symbol->raw.st_name);
	}
}

/* Read the name in struct module, or else name= of .modinfo. */
static void read_name(struct object *object)
{
	struct buffer section = object_section(object, object->this_module);
	char name[NAME_SIZE + 1] = {};

	object->name = object_modinfo(object, "name", NULL);
	if (object->this_module &&
	    buffer_read(section, NAME_OFFSET, name, NAME_SIZE))
		object->name = arena_copy(&object->arena, name, strlen(name));
}

/**
 * object_forget_modinfo() - Take a module for one without .modinfo.
 * @object: the object
 */
void object_forget_modinfo(struct object *object)
{
	object->modinfo = 0;
	read_name(object);
}

static void add_version(struct object *object, const char *name, __u64 crc)
{
	struct object_version *version = &object->versions[object->nr_versions++];

	version->name = name;
	version->crc = crc;
}

static void read_versions(struct object *object)
{
	unsigned int index = object_find_loaded(object, "__versions");
	struct buffer section = file_part(object, index);
	struct version_entry entry;
	size_t nr = section.size / sizeof(entry);
	size_t i;

	object->has_versions = index;
	if (!index || nr > ENTRIES_LIMIT)
		return;
	object->versions = arena_alloc(&object->arena,
				       nr * sizeof(object->versions[0]));
	for (i = 0; i < nr; i++) {
		buffer_read(section, i * sizeof(entry), &entry, sizeof(entry));
		add_version(object, arena_copy(&object->arena, entry.name,
					       strnlen(entry.name, NAME_SIZE)),
			    entry.crc);
	}
}

/* Read the two sections that Linux 6.14 and later read as well. */
static void read_extended_versions(struct object *object)
{
	unsigned int index = object_find_loaded(object, "__version_ext_crcs");
	struct buffer crcs = file_part(object, index);
	struct buffer names;
	size_t offset = 0;
	size_t nr = crcs.size / sizeof(__u32);
	size_t i;

	object->has_extended_versions = index;
	index = object_find_loaded(object, "__version_ext_names");
	names = file_part(object, index);
	object->has_extended_versions &= index != 0;
	if (!nr || nr > ENTRIES_LIMIT)
		return;
	object->nr_versions = 0;
	object->versions = arena_alloc(&object->arena,
				       nr * sizeof(object->versions[0]));
	for (i = 0; i < nr; i++) {
		const char *name = buffer_string(names, offset);
		__u32 crc = 0;

		if (!name)
			return;
		buffer_read(crcs, i * sizeof(crc), &crc, sizeof(crc));
		add_version(object, name, crc);
		offset += strlen(name) + 1;
	}
}

/**
 * object_parse() - Find the parts of the file whose contents are in @disk.
 * @object: the object, with @path and @disk
 */
void object_parse(struct object *object)
{
	object->packing = buffer_packing(object->disk);
	object->file = object->disk;
	if (object->packing)
		buffer_unpack(&object->arena, object->disk, UNPACKED_LIMIT,
			      &object->file);
	read_tail(object);
	cut_signature(object);
	object->is_readable = read_sections(object);
	/* Linux before 6.4 takes the first one that is loaded. */
	object->modinfo = object_find_loaded(object, ".modinfo");
	if (!object->modinfo)
		object->modinfo = object_find_section(object, ".modinfo");
	object->this_module = object_find_section(object,
						  ".gnu.linkonce.this_module");
	read_symbols(object);
	read_name(object);
	read_versions(object);
	read_extended_versions(object);
	object_read_exports(object);
}

/**
 * object_open() - Read the file of a module.
 * @object: set to the object; all zero before
 * @path: the file
 * @error: set to what is wrong, as words after the path, if it returns false
 *
 * A directory is not an error, because Linux refuses it in its own way.
 *
 * Return: false if the file cannot be read.
 */
bool object_open(struct object *object, const char *path, const char **error)
{
	struct stat stat_of;

	object->path = path;
	if (stat(path, &stat_of) < 0) {
		*error = strerror(errno);
		return false;
	}
	object->mode = stat_of.st_mode;
	object->disk = buffer_load(&object->arena, path);
	if (!object->disk.data && S_ISREG(object->mode)) {
		*error = strerror(errno);
		return false;
	}
	object_parse(object);
	return true;
}

/**
 * object_close() - Free all that belongs to an object.
 * @object: the object, all zero afterwards
 */
void object_close(struct object *object)
{
	struct arena arena = object->arena;

	*object = (struct object){};
	arena_free(&arena);
}

/**
 * object_section_name() - Return the name of a section.
 * @object: the object
 * @index: the index of the section
 *
 * Return: the name; "" if there is no such section, or its name cannot be read.
 */
const char *object_section_name(const struct object *object, unsigned int index)
{
	const char *name = NULL;

	if (index < object->nr_sections)
		name = buffer_string(object->section_names,
				     object->sections[index].sh_name);
	return name ? name : "";
}

/* Find the next section after @index with this name and these flags. */
static unsigned int next_section(const struct object *object, unsigned int index,
				 const char *name, __u64 flags)
{
	size_t size = strlen(name) + 1;

	while (++index < object->nr_sections) {
		const struct elf64_shdr *section = &object->sections[index];
		struct buffer found = buffer_part(object->section_names,
						  section->sh_name, size);

		if (found.size && !memcmp(found.data, name, size) &&
		    (section->sh_flags & flags) == flags)
			return index;
	}
	return 0;
}

/**
 * object_find_section() - Find a section by its name.
 * @object: the object
 * @name: the name
 *
 * Return: the index of the first section of this name; 0 if there is none.
 */
unsigned int object_find_section(const struct object *object, const char *name)
{
	return next_section(object, 0, name, 0);
}

/**
 * object_find_loaded() - Find a section that is loaded, by its name.
 * @object: the object
 * @name: the name
 *
 * Most sections that Linux looks for are only found if they have SHF_ALLOC.
 *
 * Return: the index of the first such section; 0 if there is none.
 */
unsigned int object_find_loaded(const struct object *object, const char *name)
{
	return next_section(object, 0, name, SHF_ALLOC);
}

/**
 * object_count_sections() - Count the sections with a name.
 * @object: the object
 * @name: the name
 *
 * Return: how many there are, with or without SHF_ALLOC.
 */
unsigned int object_count_sections(const struct object *object, const char *name)
{
	unsigned int index = 0;
	unsigned int nr = 0;

	while ((index = next_section(object, index, name, 0)))
		nr++;
	return nr;
}

/**
 * object_section() - Return the contents of a section.
 * @object: the object
 * @index: the index of the section
 *
 * Return: the contents; empty if there is no such section, if it has none in
 * the file, or if they are not inside the file.
 */
struct buffer object_section(const struct object *object, unsigned int index)
{
	if (index < object->nr_sections &&
	    (object->sections[index].sh_type == SHT_NOBITS ||
	     object->sections[index].sh_type == SHT_NULL))
		return (struct buffer){};
	return file_part(object, index);
}

/**
 * object_modinfo() - Find a value in .modinfo.
 * @object: the object
 * @key: the key, as "vermagic"
 * @after: the value that was found before; NULL to find the first
 *
 * The last entry may end after the section, as Linux does not check this.  It
 * does not look at the type of the section either.
 *
 * Return: the value of the first or next entry with this key; NULL if there is
 * none.
 */
const char *object_modinfo(const struct object *object, const char *key,
			   const char *after)
{
	struct buffer section = file_part(object, object->modinfo);
	size_t base = section.size ? section.data - object->file.data : 0;
	size_t offset = 0;
	size_t length = strlen(key);

	if (after && object_is_cut_off(object, after))
		return NULL;
	if (after)
		offset = after - (const char *)section.data + strlen(after) + 1;
	while (offset < section.size) {
		const char *entry = file_string(object, base + offset);

		if (!entry)
			break;
		if (!strncmp(entry, key, length) && entry[length] == '=')
			return entry + length + 1;
		offset += strlen(entry) + 1;
	}
	return NULL;
}

/**
 * object_info_name() - Return the name that most lines of the log begin with.
 * @object: the object
 *
 * This is info->name of the kernel.  It can differ from the name of the module,
 * which is in struct module.
 *
 * Return: name= of .modinfo, or else the name in struct module; NULL if the
 * file has neither.
 */
const char *object_info_name(const struct object *object)
{
	const char *name = object_modinfo(object, "name", NULL);

	return name ? name : object->name;
}

/**
 * object_find_version() - Find the CRC that the module was built with.
 * @object: the object
 * @name: the symbol
 *
 * Return: the entry, or NULL if there is none.
 */
const struct object_version *object_find_version(const struct object *object,
						 const char *name)
{
	unsigned int i;

	for (i = 0; i < object->nr_versions; i++)
		if (!strcmp(object->versions[i].name, name))
			return &object->versions[i];
	return NULL;
}

/**
 * object_is_gpl() - Return true if the module's licence is compatible with the GPL.
 * @object: the object
 *
 * The list is that of license_is_gpl_compatible() in include/linux/license.h.
 *
 * Return: true if the first license= entry of .modinfo is in the list; false if
 * there is none.
 */
bool object_is_gpl(const struct object *object)
{
	static const char * const licences[] = {
		"GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL",
		"Dual MIT/GPL", "Dual MPL/GPL",
	};
	const char *licence = object_modinfo(object, "license", NULL);
	size_t i;

	for (i = 0; licence && i < ARRAY_SIZE(licences); i++)
		if (!strcmp(licence, licences[i]))
			return true;
	return false;
}
