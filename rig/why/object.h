/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Object - the file of a module, as the kernel sees it
 *
 * object_open() reads the file and, as far as it can, finds its sections.  It
 * never fails because of the contents: the checks, not this file, say what is
 * wrong with them.
 */

#ifndef _WHY_OBJECT_H
#define _WHY_OBJECT_H

#include <linux/elf.h>
#include <linux/module.h>

#include "buffer.h"

/**
 * struct object_symbol - one entry of the symbol table
 * @name: its name, which may be after the string table; "" if it cannot be
 *	read
 * @raw: the entry of the file
 */
struct object_symbol {
	const char *name;
	struct elf64_sym raw;
};

/**
 * struct object_export - one symbol that a module exports
 * @name: its name
 * @space: its namespace; NULL if it has none
 * @crc: its CRC, if @has_crc
 * @has_crc: whether the module has a CRC for it
 * @is_gpl: whether only modules with a GPL-compatible licence may use it
 */
struct object_export {
	const char *name;
	const char *space;
	__u32 crc;
	bool has_crc;
	bool is_gpl;
};

/**
 * struct object_version - one CRC that the module was built with
 * @name: the symbol
 * @crc: its CRC; in __versions it has 64 bits, of which the upper ones must be 0
 */
struct object_version {
	const char *name;
	__u64 crc;
};

/**
 * struct object - the file of a module
 * @arena: what the file's contents and the tables below are in
 * @path: the path, as the user named it
 * @mode: st_mode of the file
 * @is_whole: whether Linux takes no signature off the file; set by the caller
 * @disk: the contents of the file
 * @packing: what @disk is compressed with
 * @file: the contents after decompression; @disk if it cannot be decompressed
 * @tail: what comes after the last NUL of @file, with a NUL after it
 * @tail_at: the offset of @tail in @file
 * @elf: @file without what Linux takes off its end
 * @is_readable: whether the ELF header and the table of sections could be read;
 *	if not, the members below are empty
 * @header: the ELF header; only its first bytes if the file is shorter
 * @nr_sections: entries in @sections
 * @sections: the table of sections; entry 0 is the undefined one
 * @section_names: the section with the names of sections; may be empty
 * @symtab: the index of the symbol table; 0 if there is none
 * @nr_symbols: entries in @symbols
 * @symbols: the symbol table; entry 0 is the undefined one
 * @modinfo: the index of .modinfo; 0 if there is none
 * @this_module: the index of .gnu.linkonce.this_module; 0 if there is none
 * @name: the name in struct module, if it can be read, otherwise name= of
 *	.modinfo, otherwise NULL
 * @nr_exports: entries in @exports
 * @exports: what the module exports
 * @nr_versions: entries in @versions
 * @versions: the section __versions, or the two sections of extended versions
 * @has_versions: whether there is a section __versions
 * @has_extended_versions: whether there are the two sections of extended versions
 */
struct object {
	struct arena arena;
	const char *path;
	unsigned int mode;
	bool is_whole;
	struct buffer disk;
	enum packing packing;
	struct buffer file;
	const char *tail;
	size_t tail_at;
	struct buffer elf;
	bool is_readable;
	struct elf64_hdr header;
	unsigned int nr_sections;
	struct elf64_shdr *sections;
	struct buffer section_names;
	unsigned int symtab;
	unsigned int nr_symbols;
	struct object_symbol *symbols;
	unsigned int modinfo;
	unsigned int this_module;
	const char *name;
	unsigned int nr_exports;
	struct object_export *exports;
	unsigned int nr_versions;
	struct object_version *versions;
	bool has_versions;
	bool has_extended_versions;
};

bool object_open(struct object *object, const char *path, const char **error);
void object_parse(struct object *object);
void object_forget_modinfo(struct object *object);
void object_read_exports(struct object *object);
void object_close(struct object *object);

const char *object_section_name(const struct object *object, unsigned int index);
unsigned int object_find_section(const struct object *object, const char *name);
unsigned int object_find_loaded(const struct object *object, const char *name);
unsigned int object_count_sections(const struct object *object, const char *name);
struct buffer object_section(const struct object *object, unsigned int index);
const char *object_modinfo(const struct object *object, const char *key,
			   const char *after);
bool object_is_cut_off(const struct object *object, const char *text);
const char *object_info_name(const struct object *object);
const struct object_version *object_find_version(const struct object *object,
						 const char *name);
bool object_is_gpl(const struct object *object);

/* exports.c */
unsigned int object_find_relocations(const struct object *object,
				     unsigned int section);
bool object_relocation(const struct object *object, unsigned int section,
		       __u64 index, struct elf64_rela *rela);

#endif
