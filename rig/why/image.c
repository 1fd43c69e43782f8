// SPDX-License-Identifier: GPL-2.0
/*
 * Image - the file of a kernel: vmlinux, or what a bzImage unpacks to
 *
 * The exports are in sections that the linker script keeps apart; all else is
 * found by its contents.
 */

#include <ctype.h>
#include <linux/elf.h>
#include <stdlib.h>
#include <string.h>

#include "btf.h"
#include "builtin.h"
#include "config.h"
#include "evidence.h"
#include "image.h"

/* A kernel that has more sections is not looked at; it has some 50. */
#define SECTIONS_LIMIT		512
/* A longer string is none. */
#define STRING_LIMIT		1024
/* Where an Image of arm64 has its magic number. */
#define ARM64_MAGIC_OFFSET	56
/* The most that is decompressed of a configuration in an image. */
#define CONFIG_LIMIT		(16UL << 20)

static struct elf64_shdr section_at(const struct image *image, unsigned int index)
{
	struct elf64_shdr section = {};

	buffer_read(image->table, (__u64)index * sizeof(section), &section,
		    sizeof(section));
	return section;
}

static struct buffer contents(const struct image *image,
			      const struct elf64_shdr *section)
{
	if (section->sh_type == SHT_NOBITS || section->sh_type == SHT_NULL)
		return (struct buffer){};
	return buffer_part(image->file, section->sh_offset, section->sh_size);
}

/* Return a string in a buffer; NULL if there is none or it is too long. */
static const char *short_string(struct buffer buffer, __u64 offset)
{
	if (offset >= buffer.size)
		return NULL;
	if (buffer.size - offset > STRING_LIMIT)
		buffer.size = offset + STRING_LIMIT;
	return buffer_string(buffer, offset);
}

/**
 * image_section() - Find a section by its name.
 * @image: the image
 * @name: the name
 * @address: set to where it is in memory
 *
 * Return: its contents; empty if there is no such section.
 */
struct buffer image_section(const struct image *image, const char *name,
			    __u64 *address)
{
	unsigned int i;

	for (i = 1; i < image->nr; i++) {
		struct elf64_shdr section = section_at(image, i);
		struct buffer its = buffer_part(image->names, section.sh_name,
						strlen(name) + 1);

		if (its.size && !memcmp(its.data, name, its.size)) {
			*address = section.sh_addr;
			return contents(image, &section);
		}
	}
	return (struct buffer){};
}

/**
 * image_memory() - Return what is at an address.
 * @image: the image
 * @address: the address, as the kernel was linked
 * @is_zero: set to whether there is memory that the file has no contents for
 *
 * Return: the contents from there to the end of the section; may be empty.
 */
struct buffer image_memory(const struct image *image, __u64 address, bool *is_zero)
{
	unsigned int i;

	*is_zero = false;
	for (i = 1; i < image->nr; i++) {
		struct elf64_shdr section = section_at(image, i);
		__u64 offset = address - section.sh_addr;

		if (!(section.sh_flags & SHF_ALLOC) ||
		    address < section.sh_addr || offset >= section.sh_size)
			continue;
		*is_zero = section.sh_type == SHT_NOBITS;
		return buffer_part(contents(image, &section), offset,
				   section.sh_size - offset);
	}
	return (struct buffer){};
}

/**
 * image_string() - Return the string at an address.
 * @image: the image
 * @address: the address, as the kernel was linked
 *
 * Return: the string; NULL if there is none.
 */
const char *image_string(const struct image *image, __u64 address)
{
	bool is_zero;

	return short_string(image_memory(image, address, &is_zero), 0);
}

/**
 * struct table - one table of exports
 * @entries: struct kernel_symbol of each
 * @address: where it is in memory
 * @size: the size of an entry
 * @crcs: the CRCs; empty if there are none
 * @flags: the flags of each, of Linux 7; empty if there are none
 * @strings: the section with the names
 * @strings_address: where they are in memory
 * @is_gpl: whether all of them are for compatible licences only
 */
struct table {
	struct buffer entries;
	__u64 address;
	unsigned int size;
	struct buffer crcs;
	struct buffer flags;
	struct buffer strings;
	__u64 strings_address;
	bool is_gpl;
};

/* Return a string that a word of an entry has the distance to; NULL if none. */
static const char *string_of(const struct table *table, __u64 offset)
{
	__s32 distance = 0;

	if (!buffer_read(table->entries, offset, &distance, sizeof(distance)) ||
	    !distance)
		return NULL;
	return short_string(table->strings, table->address + offset +
			    (__u64)(__s64)distance - table->strings_address);
}

static void add_export(struct draft *draft, const struct table *table, size_t i)
{
	struct facts_entry entry = { .flags = table->is_gpl ? ENTRY_IS_GPL : 0 };
	const char *name = string_of(table, i * table->size + 4);
	const char *space = NULL;
	__u8 flags = 0;

	if (!name || !*name)
		return;
	if (table->size >= 12)
		space = string_of(table, i * table->size + 8);
	if (buffer_read(table->crcs, i * 4, &entry.crc, 4))
		entry.flags |= ENTRY_HAS_CRC;
	if (buffer_read(table->flags, i, &flags, 1) && flags & 1)
		entry.flags |= ENTRY_IS_GPL;
	entry.name = draft_string(draft, name, strlen(name));
	if (space && *space)
		entry.space = draft_string(draft, space, strlen(space));
	draft_add(draft, FACTS_EXPORTS, &entry);
}

/* Read one of the two tables of exports. */
static void read_exports(const struct image *image, struct draft *draft, bool is_gpl)
{
	struct table table = { .size = 12, .is_gpl = is_gpl };
	const char *names = is_gpl ? "__ksymtab_gpl" : "__ksymtab";
	const char *crcs = is_gpl ? "__kcrctab_gpl" : "__kcrctab";
	__u64 unused;
	size_t nr;
	size_t i;

	table.entries = image_section(image, names, &table.address);
	table.crcs = image_section(image, crcs, &unused);
	table.strings = image_section(image, "__ksymtab_strings",
				      &table.strings_address);
	if (!is_gpl)
		table.flags = image_section(image, "__kflagstab", &unused);
	nr = table.entries.size / table.size;
	if (!nr || !table.strings.size)
		return;
	for (i = 0; i < nr; i++)
		add_export(draft, &table, i);
	draft->knows |= KNOWS_EXPORTS;
}

/* Find "Linux version RELEASE " and return the length of the release. */
static size_t find_release(struct buffer from, const char **release)
{
	static const char banner[] = "Linux version ";
	size_t at;

	while (buffer_find(from, banner, sizeof(banner) - 1, &at)) {
		size_t i = 0;

		at += sizeof(banner) - 1;
		from = buffer_part(from, at, from.size - at);
		while (i < from.size && isgraph(from.data[i]))
			i++;
		if (i && i < from.size && i < 65 && isdigit(from.data[0]) &&
		    from.data[i] == ' ') {
			*release = (const char *)from.data;
			return i;
		}
	}
	return 0;
}

/* Find the string that begins with the release and a space, and is words. */
static void find_vermagic(struct buffer from, struct draft *draft)
{
	char *begin = arena_print(&draft->arena, "%s ", draft->release);
	size_t length = strlen(begin);
	size_t at;

	while (buffer_find(from, begin, length, &at)) {
		size_t i = length;

		from = buffer_part(from, at, from.size - at);
		while (i < from.size && i < 256 &&
		       (isalnum(from.data[i]) || strchr(" _+-.", from.data[i])) &&
		       from.data[i])
			i++;
		if (i < from.size && !from.data[i] &&
		    (from.data[i - 1] == ' ' || memmem(from.data, i, "aarch64", 7) ||
		     memmem(from.data, i, "RANDSTRUCT_", 11))) {
			draft_vermagic(draft, (const char *)from.data, i);
			return;
		}
		from = buffer_part(from, length, from.size - length);
	}
}

/* Find the configuration that CONFIG_IKCONFIG puts into the image. */
static void find_config(struct buffer from, struct draft *draft)
{
	static const char marker[] = "IKCFG_ST";
	struct buffer config;
	size_t at;

	if (!buffer_find(from, marker, 8, &at))
		return;
	from = buffer_part(from, at + 8, from.size - at - 8);
	if (buffer_packing(from) == PACKING_GZIP &&
	    buffer_unpack(&draft->arena, from, CONFIG_LIMIT, &config))
		config_parse(config, draft);
}

/* Read what is found by its contents in the data that is only read. */
static void read_data(struct buffer from, struct draft *draft)
{
	const char *release;
	size_t length = find_release(from, &release);

	if (length)
		draft_release(draft, release, length);
	if (draft->release)
		find_vermagic(from, draft);
	if (!(draft->knows & KNOWS_CONFIG))
		find_config(from, draft);
}

/* Read the header and the table of sections. */
static bool open_image(struct image *image, struct buffer file, struct draft *draft)
{
	struct elf64_hdr header;
	struct elf64_shdr names;

	if (!buffer_read(file, 0, &header, sizeof(header)) ||
	    memcmp(header.e_ident, ELFMAG, SELFMAG))
		return false;
	draft->machine = header.e_ident[EI_DATA] == ELFDATA2MSB ?
		(__u16)(header.e_machine << 8 | header.e_machine >> 8) :
		header.e_machine;
	if (header.e_ident[EI_CLASS] != ELFCLASS64 ||
	    header.e_ident[EI_DATA] != ELFDATA2LSB ||
	    header.e_shentsize != sizeof(struct elf64_shdr) ||
	    header.e_shnum > SECTIONS_LIMIT)
		return true;
	image->file = file;
	image->nr = header.e_shnum;
	image->table = buffer_part(file, header.e_shoff,
				   (__u64)header.e_shnum * sizeof(names));
	names = section_at(image, header.e_shstrndx);
	image->names = contents(image, &names);
	return true;
}

/**
 * image_parse() - Read what the file of a kernel tells.
 * @file: vmlinux, or what another image is decompressed to; may be hostile
 * @draft: what the facts are added to
 *
 * Return: false if it is not the file of a kernel.
 */
bool image_parse(struct buffer file, struct draft *draft)
{
	struct image image = {};
	struct buffer types;
	struct buffer data;
	char magic[4] = {};
	__u64 unused;

	buffer_read(file, ARM64_MAGIC_OFFSET, magic, sizeof(magic));
	if (!memcmp(magic, "ARM\x64", 4)) {
		draft->machine = EM_AARCH64;
		read_data(file, draft);
		return true;
	}
	if (!open_image(&image, file, draft))
		return false;
	read_exports(&image, draft, false);
	read_exports(&image, draft, true);
	builtin_read(&image, draft);
	types = image_section(&image, ".BTF", &unused);
	data = image_section(&image, ".rodata", &unused);
	if (!draft->module_size)
		draft->module_size = btf_module_size(types);
	draft->btf_names = btf_names_size(types);
	read_data(data, draft);
	if (data.size && draft->release)
		evidence_read(data, draft);
	if (data.size && draft->release && !types.size)
		config_add(draft, "DEBUG_INFO_BTF_MODULES", false);
	return true;
}
