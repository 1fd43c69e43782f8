// SPDX-License-Identifier: GPL-2.0
/*
 * Exports - what a module exports, from its sections __ksymtab*
 *
 * An entry of __ksymtab is three offsets of 32 bits, which only the relocations
 * fill in: to the value, to the name and to the namespace.  The names are read
 * through the relocations, because strip removes the symbols __ksymtab_NAME.
 */

#include <string.h>

#include "object.h"

/* struct kernel_symbol, with CONFIG_HAVE_ARCH_PREL32_RELOCATIONS. */
#define ENTRY_SIZE	12
#define ENTRY_NAME	4
#define ENTRY_SPACE	8

/* The bit of __kflagstab for symbols that are GPL-only; module_symbol.h. */
#define FLAG_GPL_ONLY	0x01

/* More exports than this are not read. */
#define EXPORTS_LIMIT	1048576

/**
 * object_find_relocations() - Find the relocations of a section.
 * @object: the object
 * @section: the index of the section that is relocated
 *
 * Return: the index of the first section with relocations of it; 0 if there is
 * none.
 */
unsigned int object_find_relocations(const struct object *object,
				     unsigned int section)
{
	unsigned int i;

	for (i = 1; section && i < object->nr_sections; i++)
		if (object->sections[i].sh_type == SHT_RELA &&
		    object->sections[i].sh_info == section)
			return i;
	return 0;
}

/**
 * object_relocation() - Read an entry of a section with relocations.
 * @object: the object
 * @section: the index of the section
 * @index: the index of the entry
 * @rela: set to the entry
 *
 * Return: false if the section has no such entry, or does not exist.
 */
bool object_relocation(const struct object *object, unsigned int section,
		       __u64 index, struct elf64_rela *rela)
{
	struct buffer entries = object_section(object, section);

	return index < entries.size / sizeof(*rela) &&
	       buffer_read(entries, index * sizeof(*rela), rela, sizeof(*rela));
}

/* Return the string that a relocation refers to, or NULL. */
static const char *string_of(const struct object *object,
			     const struct elf64_rela *rela)
{
	__u64 index = ELF64_R_SYM(rela->r_info);
	const struct elf64_sym *symbol;
	struct buffer section;

	if (index >= object->nr_symbols)
		return NULL;
	symbol = &object->symbols[index].raw;
	if (symbol->st_shndx >= SHN_LORESERVE)
		return NULL;
	section = object_section(object, symbol->st_shndx);
	return buffer_string(section, symbol->st_value + (__u64)rela->r_addend);
}

/* Set the names and namespaces of @nr exports from what relocates @table. */
static void read_names(const struct object *object, unsigned int table,
		       struct object_export *exports, __u64 nr)
{
	unsigned int index = object_find_relocations(object, table);
	struct elf64_rela rela;
	__u64 i;

	for (i = 0; object_relocation(object, index, i, &rela); i++) {
		__u64 entry = rela.r_offset / ENTRY_SIZE;

		if (entry >= nr)
			continue;
		if (rela.r_offset % ENTRY_SIZE == ENTRY_NAME)
			exports[entry].name = string_of(object, &rela);
		if (rela.r_offset % ENTRY_SIZE == ENTRY_SPACE)
			exports[entry].space = string_of(object, &rela);
	}
}

/*
 * Before Linux 5.19, the CRC is the value of an absolute symbol that a
 * relocation refers to.
 */
static void read_crc_symbols(const struct object *object, unsigned int table,
			     struct object_export *exports, __u64 nr)
{
	unsigned int index = object_find_relocations(object, table);
	struct elf64_rela rela;
	__u64 i;

	for (i = 0; object_relocation(object, index, i, &rela); i++) {
		__u64 entry = rela.r_offset / sizeof(exports->crc);
		__u64 symbol = ELF64_R_SYM(rela.r_info);

		if (entry < nr && symbol < object->nr_symbols)
			exports[entry].crc =
				(__u32)object->symbols[symbol].raw.st_value +
				(__u32)rela.r_addend;
	}
}

/* Read one pair of tables, and append what has a name to the exports. */
static void read_table(struct object *object, const char *name,
		       const char *crc_name, bool is_gpl)
{
	unsigned int index = object_find_loaded(object, name);
	unsigned int crc_index = object_find_loaded(object, crc_name);
	struct buffer crcs = object_section(object, crc_index);
	struct buffer flags = {};
	struct object_export *table;
	__u64 nr = object_section(object, index).size / ENTRY_SIZE;
	__u8 flag = 0;
	__u64 i;

	if (!nr || nr > EXPORTS_LIMIT)
		return;
	if (!is_gpl)
		flags = object_section(object, object_find_loaded(object,
								  "__kflagstab"));
	table = &object->exports[object->nr_exports];
	memset(table, 0, nr * sizeof(*table));
	for (i = 0; i < nr; i++) {
		table[i].is_gpl = is_gpl;
		if (buffer_read(flags, i, &flag, sizeof(flag)))
			table[i].is_gpl = flag & FLAG_GPL_ONLY;
		table[i].has_crc = buffer_read(crcs, i * sizeof(table[i].crc),
					       &table[i].crc, sizeof(table[i].crc));
	}
	read_names(object, index, table, nr);
	read_crc_symbols(object, crc_index, table, nr);
	for (i = 0; i < nr; i++) {
		if (!table[i].name)
			continue;
		if (table[i].space && !*table[i].space)
			table[i].space = NULL;
		object->exports[object->nr_exports++] = table[i];
	}
}

/**
 * object_read_exports() - Read what a module exports.
 * @object: the object, whose sections and symbols have been read
 *
 * The order is the one in which Linux looks at them.  Exports whose names cannot
 * be read are left out.
 */
void object_read_exports(struct object *object)
{
	unsigned int index = object_find_loaded(object, "__ksymtab");
	unsigned int gpl = object_find_loaded(object, "__ksymtab_gpl");
	__u64 size = object_section(object, index).size;

	size += object_section(object, gpl).size;
	object->exports = arena_alloc(&object->arena, size / ENTRY_SIZE *
				      sizeof(object->exports[0]));
	read_table(object, "__ksymtab", "__kcrctab", false);
	read_table(object, "__ksymtab_gpl", "__kcrctab_gpl", true);
}
