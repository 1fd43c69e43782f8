// SPDX-License-Identifier: GPL-2.0
/*
 * Check the ELF file - its header, its sections, its symbol table
 *
 * Linux stops at the first fault here, and so does each of these checks.
 */

#include <errno.h>
#include <string.h>

#include "checks.h"

#define THIS_MODULE	".gnu.linkonce.this_module"

/* What the log has for the name of a module that has none. */
#define NO_NAME		"(missing .modinfo section or name field)"

/* Why a file is damaged, and what helps. */
#define DAMAGED		"The file is damaged: a tool wrote it wrongly, or changed it.\n"
#define COPY_AGAIN	"Copy or build the file again, and compare its size: ls -l FILE"

const struct message messages_elf[] = {
	{ "elf-length", 0, 0, ENOEXEC, false, "Invalid ELF header len %1",
	  "The file has only %1 bytes without its signature: not even the header of an ELF file.",
	  COPY_AGAIN },
	{ "elf-magic", 0, 0, ENOEXEC, false, "Invalid ELF header magic: != %1",
	  "The file is not an ELF file.\n"
	  "It looks like text, which begins with: %2",
	  "Name the .ko file that make has built." },
	{ "elf-type", 0, 0, ENOEXEC, false, "Invalid ELF header type: %1 != %2",
	  "A module is a relocatable object (type %2).\n"
	  "This file is %3.",
	  "Name the .ko file that make has built." },
	{ "elf-machine", 0, 0, ENOEXEC, false,
	  "Invalid architecture in ELF header: %1",
	  "The module is built for another architecture than that of the kernel.\n"
	  "The module is for %2, and the kernel for %3.",
	  "Build the module for the architecture of the kernel: make ARCH=... CROSS_COMPILE=... -C HEADERS M=$PWD modules"
	},
	{ "elf-shentsize", 0, 0, ENOEXEC, false,
	  "Invalid ELF section header size",
	  DAMAGED
	  "The header says that an entry of the table of sections has %1 bytes, and not 64.\n"
	  "A 32-bit object is like this as well.",
	  COPY_AGAIN },
	{ "elf-truncated", 0, 0, ENOEXEC, false,
	  "Invalid ELF section header overflow",
	  "The file is not complete: its table of sections is not inside the file.\n"
	  "The table begins at byte %1 and has %2 bytes, but the file ends at byte %3.",
	  COPY_AGAIN },
	{ "names-index", 0, 0, ENOEXEC, false,
	  "Invalid ELF section name index: %1 || e_shstrndx (%1) >= e_shnum (%2)",
	  DAMAGED
	  "The header says that section %1 has the names of the sections, but there are %2 sections.",
	  COPY_AGAIN },
	{ "names-outside", 0, 0, ENOEXEC, false, "Invalid ELF section hdr(type %1)",
	  DAMAGED "The names of the sections are not inside the file.",
	  COPY_AGAIN },
	{ "names-type", 0, 0, ENOEXEC, false,
	  "Invalid ELF section name table type: %1",
	  DAMAGED
	  "The section with the names of the sections is of type %1, not SHT_STRTAB (3).",
	  COPY_AGAIN },
	{ "names-empty", 0, 0, ENOEXEC, false, "empty section name table",
	  DAMAGED "The sections have no names.",
	  COPY_AGAIN },
	{ "names-end", 0, 0, ENOEXEC, false,
	  "ELF Spec violation: section name table isn't null terminated",
	  DAMAGED "The last name of a section does not end.",
	  COPY_AGAIN },
	{ "section-zero", 0, 0, ENOEXEC, false,
	  "ELF Spec violation: section 0 type(%1)!=SH_NULL or non-zero len or addr",
	  DAMAGED "Section 0 must be empty.",
	  COPY_AGAIN },
	{ "section-outside", 0, 0, ENOEXEC, false,
	  "Invalid ELF section in module (section %1 type %2)",
	  "The file is damaged or not complete: section %1 is not inside the file.\n"
	  "Its name is %3.\n"
	  "It begins at byte %4 and has %5 bytes, but the file ends at byte %6.",
	  COPY_AGAIN },
	{ "section-name", 0, 0, ENOEXEC, false,
	  "Invalid ELF section name in module (section %1 type %2)",
	  DAMAGED "The name of section %1 is not inside the table of names.",
	  COPY_AGAIN },
	{ "symbols-link", 0, 0, ENOEXEC, false,
	  "Invalid ELF sh_link!=SHN_UNDEF(%1) or (sh_link(%1) >= hdr->e_shnum(%2)",
	  DAMAGED
	  "The symbol table says that section %1 has its names, but there are %2 sections.",
	  COPY_AGAIN },
	{ "symbols-type", 0, 0, ENOEXEC, false,
	  "Invalid ELF symbol string table type: %1",
	  DAMAGED
	  "The section with the names of the symbols is of type %1, not SHT_STRTAB (3).",
	  COPY_AGAIN },
	{ "modinfo-twice", 0, 0, ENOEXEC, false,
	  "Only one .modinfo section must exist.",
	  "The file has several sections .modinfo.\n"
	  "There are %1 of them.",
	  "Link it with the linker script of the kernel, as make does: make -C HEADERS M=$PWD modules"
	},
	{ "no-symbols", 0, 0, ENOEXEC, false,
	  "%1: module has no symbols (stripped?)",
	  "A module needs exactly one symbol table.\n"
	  "This file has %2.\n"
	  "strip removes it, unless it is called with -g or --strip-unneeded.",
	  "Build or copy the file again, and make it smaller with: strip -g FILE" },
	{ "no-this-module", 0, 0, ENOEXEC, false, "%1: No module found in object",
	  "The file is an ELF object, but not a module: it has no section " THIS_MODULE ".\n"
	  "A .o file is only a part of a module; make adds the rest and calls it .ko.",
	  "Load the .ko file instead." },
	{ "this-module-count", 0, 0, ENOEXEC, false,
	  "module %1: Exactly one " THIS_MODULE " section must exist.",
	  "A module has exactly one section " THIS_MODULE ", and this file has %2.\n"
	  "A .o file has none: it is only a part of a module; make adds the rest and calls it .ko.",
	  "Load the .ko file of one module." },
	{ "this-module-empty", 0, 0, ENOEXEC, false,
	  "module %1: " THIS_MODULE " section must have a size set",
	  "The section with struct module has no contents in the file.",
	  "Build the module again: make clean, then make. Do not use objcopy --only-keep-debug on it."
	},
	{ "this-module-flags", 0, 0, ENOEXEC, false,
	  "module %1: " THIS_MODULE " must occupy memory during process execution",
	  "The section with struct module does not have the flag SHF_ALLOC: a tool has removed it.",
	  "Build the module again: make clean, then make." },
	{ "this-module-size", 0, 0, ENOEXEC, false,
	  "module %1: " THIS_MODULE
	  " section size must match the kernel's built struct module size at run time",
	  "The module was built for another kernel: its struct module has another size.\n"
	  "It has %2 bytes in the module, and %3 bytes in the kernel.\n"
	  "The module was built for: %4",
	  "Build the module again with the headers of the kernel that is to load it.\n"
	  "make -C %5 M=$PWD modules\n"
	  "To install the headers: %6" },
	{ "versions-mismatch", 0, 0, ENOEXEC, false,
	  "extended version crc+name presence does not match",
	  "The file has one of the sections __version_ext_crcs and __version_ext_names, but not the other.",
	  "Build the module again: make clean, then make." },
	{ "versions-names", 0, 0, ENOEXEC, false,
	  "more extended version crcs than names",
	  DAMAGED "__version_ext_crcs has more entries than __version_ext_names.",
	  "Build the module again: make clean, then make." },
	{ "strings-empty", 0, 0, ENOEXEC, false, "empty symbol string table",
	  DAMAGED "The symbols have no names.",
	  COPY_AGAIN },
	{ "strings-begin", 0, 0, ENOEXEC, false,
	  "symbol string table missing leading NUL",
	  DAMAGED "The names of the symbols do not begin with an empty one.",
	  COPY_AGAIN },
	{ "strings-end", 0, 0, ENOEXEC, false,
	  "symbol string table isn't NUL terminated",
	  DAMAGED "The last name of a symbol does not end.",
	  COPY_AGAIN },
	{ "strings-outside", 0, 0, ENOEXEC, false,
	  "symbol name out of bounds in string table",
	  DAMAGED "The name of a symbol is not inside the table of names.\n"
	  "It is symbol %1.",
	  COPY_AGAIN },
	{ "section-flags", 0, 0, ENOEXEC, false,
	  "%1: section %2 (index %3) has invalid WRITE|EXEC flags",
	  "Section %2 is both writable and executable, which STRICT_MODULE_RWX does not allow.\n"
	  "The code that is in it has been declared with a section of its own, or in assembly.",
	  "Give it the flags \"ax\" (code) or \"aw\" (data): .section %2, \"ax\"" },
	{}
};

/* Report a fault that later checks cannot work with; the last one of a check. */
#define refuse_file(attempt, ...) \
	refuse(stop(attempt), __VA_ARGS__, NULL)

static struct attempt *stop(struct attempt *attempt)
{
	attempt->is_stopped = true;
	return attempt;
}

static const char *number(struct attempt *attempt, __u64 value)
{
	return attempt_print(attempt, "%llu", value);
}

/* The name before a line of the log at a time when it may be missing. */
static const char *early_name(struct attempt *attempt)
{
	const char *name = object_modinfo(attempt->object, "name", NULL);

	return name ? name : NO_NAME;
}

static const char *name_of_machine(struct attempt *attempt, unsigned int machine)
{
	static const struct {
		unsigned int machine;
		const char *name;
	} machines[] = {
		{ EM_386, "32-bit x86" }, { EM_X86_64, "x86-64" },
		{ EM_ARM, "32-bit ARM" }, { EM_AARCH64, "64-bit ARM" },
		{ EM_MIPS, "MIPS" }, { EM_PPC, "PowerPC" },
		{ EM_PPC64, "64-bit PowerPC" }, { EM_S390, "s390" },
		{ EM_RISCV, "RISC-V" }, { EM_LOONGARCH, "LoongArch" },
		{ EM_SPARCV9, "64-bit SPARC" }, { EM_BPF, "BPF" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(machines); i++)
		if (machines[i].machine == machine)
			return machines[i].name;
	return attempt_print(attempt, "machine %u", machine);
}

static const char *name_of_type(unsigned int type)
{
	switch (type) {
	case ET_EXEC:
		return "a program";
	case ET_DYN:
		return "a shared library or a program";
	case ET_CORE:
		return "a core dump";
	}
	return not_known;
}

/* Return the first bytes of a text file, or not_known if it is not text. */
static const char *first_words(struct attempt *attempt)
{
	struct buffer elf = attempt->object->elf;
	size_t length = 0;

	while (length < elf.size && length < 32 && elf.data[length] >= ' ' &&
	       elf.data[length] < 0x7f)
		length++;
	if (length < 4)
		return not_known;
	return attempt_print(attempt, "%.*s", (int)length,
			     (const char *)elf.data);
}

/* Check what elf_validity_ehdr() does. */
static bool check_identification(struct attempt *attempt)
{
	const struct object *object = attempt->object;
	const struct elf64_hdr *header = &object->header;
	unsigned int machine = attempt->kernel->machine;

	if (object->elf.size < sizeof(*header))
		refuse_file(attempt, "elf-length",
			    number(attempt, object->elf.size));
	else if (memcmp(header->e_ident, ELFMAG, SELFMAG))
		refuse_file(attempt, "elf-magic", "\\x7fELF",
			    first_words(attempt));
	else if (header->e_type != ET_REL)
		refuse_file(attempt, "elf-type", number(attempt, header->e_type),
			    number(attempt, ET_REL),
			    name_of_type(header->e_type));
	else if (machine && header->e_machine != machine)
		refuse_file(attempt, "elf-machine",
			    number(attempt, header->e_machine),
			    name_of_machine(attempt, header->e_machine),
			    name_of_machine(attempt, machine));
	return !attempt->is_stopped;
}

/**
 * check_elf_header() - Check the ELF header and where the table of sections is.
 * @attempt: the attempt
 */
void check_elf_header(struct attempt *attempt)
{
	const struct elf64_hdr *header = &attempt->object->header;
	__u64 size = attempt->object->elf.size;
	__u64 table = (__u64)header->e_shnum * sizeof(struct elf64_shdr);

	if (!check_identification(attempt))
		return;
	if (!attempt->kernel->machine)
		unsure(attempt,
		       "The architecture of the kernel is not known: its image, or any module of its own, would tell.");
	if (header->e_shentsize != sizeof(struct elf64_shdr))
		refuse_file(attempt, "elf-shentsize",
			    number(attempt, header->e_shentsize));
	else if (header->e_shoff >= size || table > size - header->e_shoff)
		refuse_file(attempt, "elf-truncated",
			    number(attempt, header->e_shoff),
			    number(attempt, table), number(attempt, size));
}

/* As validate_section_offset() does. */
static bool is_inside(const struct object *object,
		      const struct elf64_shdr *section)
{
	return section->sh_offset <= object->elf.size &&
	       section->sh_size <= object->elf.size - section->sh_offset;
}

/* Check the index of the section with the names of sections. */
static bool check_names_index(struct attempt *attempt)
{
	const struct elf64_hdr *header = &attempt->object->header;

	if (header->e_shstrndx != SHN_UNDEF &&
	    header->e_shstrndx < header->e_shnum)
		return true;
	refuse_file(attempt, "names-index", number(attempt, header->e_shstrndx),
		    number(attempt, header->e_shnum));
	return false;
}

/* Check that the names of sections are strings. */
static bool check_names_end(struct attempt *attempt,
			    const struct elf64_shdr *names)
{
	__u8 last = 0;

	if (!names->sh_size)
		refuse_file(attempt, "names-empty");
	else if (buffer_read(attempt->object->elf,
			     names->sh_offset + names->sh_size - 1, &last, 1) &&
		 last)
		refuse_file(attempt, "names-end");
	return !attempt->is_stopped;
}

static bool check_section_zero(struct attempt *attempt)
{
	const struct elf64_shdr *section = attempt->object->sections;

	if (!section || (section->sh_type == SHT_NULL && !section->sh_size &&
			 !section->sh_addr))
		return true;
	refuse_file(attempt, "section-zero",
		    attempt_print(attempt, "%d", (int)section->sh_type));
	return false;
}

static bool check_section_inside(struct attempt *attempt, unsigned int i)
{
	const struct elf64_shdr *section = &attempt->object->sections[i];
	const char *name = object_section_name(attempt->object, i);

	if (is_inside(attempt->object, section))
		return true;
	refuse_file(attempt, "section-outside", number(attempt, i),
		    number(attempt, section->sh_type), *name ? name : not_known,
		    number(attempt, section->sh_offset),
		    number(attempt, section->sh_size),
		    number(attempt, attempt->object->elf.size));
	return false;
}

static bool check_section_name(struct attempt *attempt, unsigned int i,
			       const struct elf64_shdr *names)
{
	const struct elf64_shdr *section = &attempt->object->sections[i];

	if (section->sh_name < names->sh_size)
		return true;
	refuse_file(attempt, "section-name", number(attempt, i),
		    number(attempt, section->sh_type));
	return false;
}

static bool check_symbols_link(struct attempt *attempt,
			       const struct elf64_shdr *section)
{
	unsigned int nr = attempt->object->header.e_shnum;

	if (section->sh_link != SHN_UNDEF && section->sh_link < nr)
		return true;
	refuse_file(attempt, "symbols-link",
		    attempt_print(attempt, "%d", (int)section->sh_link),
		    number(attempt, nr));
	return false;
}

static bool has_contents(const struct elf64_shdr *section)
{
	return section->sh_type != SHT_NULL && section->sh_type != SHT_NOBITS;
}

/**
 * check_early_names() - Check the names of sections, before 6.12.
 * @attempt: the attempt
 */
void check_early_names(struct attempt *attempt)
{
	const struct elf64_shdr *names;

	if (!check_names_index(attempt))
		return;
	names = &attempt->object->sections[attempt->object->header.e_shstrndx];
	if (!is_inside(attempt->object, names))
		refuse_file(attempt, "names-outside",
			    number(attempt, names->sh_type));
	else
		check_names_end(attempt, names);
}

/**
 * check_early_sections() - Check the table of sections, before 6.12.
 * @attempt: the attempt
 */
void check_early_sections(struct attempt *attempt)
{
	const struct object *object = attempt->object;
	const struct elf64_shdr *names =
		&object->sections[object->header.e_shstrndx];
	unsigned int i;

	if (!check_section_zero(attempt))
		return;
	for (i = 1; i < object->nr_sections && !attempt->is_stopped; i++) {
		const struct elf64_shdr *section = &object->sections[i];

		if (!has_contents(section) ||
		    (section->sh_type == SHT_SYMTAB &&
		     !check_symbols_link(attempt, section)))
			continue;
		if (check_section_inside(attempt, i) &&
		    section->sh_flags & SHF_ALLOC)
			check_section_name(attempt, i, names);
	}
}

/**
 * check_sections() - Check the table of sections.
 * @attempt: the attempt
 */
void check_sections(struct attempt *attempt)
{
	const struct object *object = attempt->object;
	unsigned int i;

	if (!check_section_zero(attempt))
		return;
	for (i = 1; i < object->nr_sections && !attempt->is_stopped; i++)
		if (has_contents(&object->sections[i]))
			check_section_inside(attempt, i);
}

/**
 * check_names() - Check the names of sections.
 * @attempt: the attempt
 */
void check_names(struct attempt *attempt)
{
	const struct object *object = attempt->object;
	const struct elf64_shdr *names;
	unsigned int i;

	if (!check_names_index(attempt))
		return;
	names = &object->sections[object->header.e_shstrndx];
	if (names->sh_type != SHT_STRTAB) {
		refuse_file(attempt, "names-type",
			    number(attempt, names->sh_type));
		return;
	}
	if (!check_names_end(attempt, names))
		return;
	for (i = 0; i < object->nr_sections && !attempt->is_stopped; i++)
		if (object->sections[i].sh_type != SHT_NULL)
			check_section_name(attempt, i, names);
}

/**
 * check_modinfo() - Check that there is at most one section .modinfo.
 * @attempt: the attempt
 */
void check_modinfo(struct attempt *attempt)
{
	unsigned int nr = object_count_sections(attempt->object, ".modinfo");

	if (nr > 1)
		refuse_file(attempt, "modinfo-twice", number(attempt, nr));
}

/**
 * check_early_modinfo() - Look for .modinfo as Linux does before 6.4.
 * @attempt: the attempt
 *
 * These do not see a section .modinfo that is not loaded.
 */
void check_early_modinfo(struct attempt *attempt)
{
	if (!object_find_loaded(attempt->object, ".modinfo"))
		object_forget_modinfo(attempt->object);
}

/**
 * check_early_this_module() - Check that there is a struct module, before 6.4.
 * @attempt: the attempt
 */
void check_early_this_module(struct attempt *attempt)
{
	if (!object_find_loaded(attempt->object, THIS_MODULE))
		refuse_file(attempt, "no-this-module", early_name(attempt));
}

/* Check that struct module has the size that the kernel has. */
static void check_module_size(struct attempt *attempt,
			      const struct elf64_shdr *section)
{
	const char *magic = object_modinfo(attempt->object, "vermagic", NULL);
	unsigned int size = attempt->kernel->module_size;

	if (!size)
		unsure(attempt,
		       "The size of struct module in the kernel is not known: its image with BTF, its headers with vmlinux, or any module of its own would tell.");
	else if (section->sh_size != size)
		refuse(attempt, "this-module-size", early_name(attempt),
		       number(attempt, section->sh_size), number(attempt, size),
		       magic ? magic : not_known, headers_directory(attempt),
		       headers_package(attempt), NULL);
}

/**
 * check_this_module() - Check the section with struct module.
 * @attempt: the attempt
 */
void check_this_module(struct attempt *attempt)
{
	const struct object *object = attempt->object;
	unsigned int nr = object_count_sections(object, THIS_MODULE);
	const struct elf64_shdr *section;

	if (nr != 1) {
		refuse_file(attempt, "this-module-count", early_name(attempt),
			    number(attempt, nr));
		return;
	}
	section = &object->sections[object->this_module];
	if (section->sh_type == SHT_NOBITS)
		refuse_file(attempt, "this-module-empty", early_name(attempt));
	else if (!(section->sh_flags & SHF_ALLOC))
		refuse_file(attempt, "this-module-flags", early_name(attempt));
	else
		check_module_size(attempt, section);
}

static unsigned int count_symbol_tables(const struct object *object)
{
	unsigned int nr = 0;
	unsigned int i;

	for (i = 1; i < object->nr_sections; i++)
		nr += object->sections[i].sh_type == SHT_SYMTAB;
	return nr;
}

/**
 * check_first_symbol_table() - Check that there is a symbol table, before 6.4.
 * @attempt: the attempt
 */
void check_first_symbol_table(struct attempt *attempt)
{
	if (!attempt->object->symtab)
		refuse_file(attempt, "no-symbols", early_name(attempt), "none");
}

/**
 * check_one_symbol_table() - Check that there is one symbol table.
 * @attempt: the attempt
 */
void check_one_symbol_table(struct attempt *attempt)
{
	unsigned int nr = count_symbol_tables(attempt->object);

	if (nr != 1)
		refuse_file(attempt, "no-symbols", early_name(attempt),
			    nr ? number(attempt, nr) : "none");
}

/**
 * check_symbol_table() - Check the symbol table, and which section has its names.
 * @attempt: the attempt
 */
void check_symbol_table(struct attempt *attempt)
{
	const struct object *object = attempt->object;
	const struct elf64_shdr *strings;

	check_one_symbol_table(attempt);
	if (attempt->is_stopped ||
	    !check_symbols_link(attempt, &object->sections[object->symtab]))
		return;
	strings = &object->sections[object->sections[object->symtab].sh_link];
	if (strings->sh_type != SHT_STRTAB)
		refuse_file(attempt, "symbols-type",
			    number(attempt, strings->sh_type));
}

/* Check that the name of each symbol is inside the table of names. */
static void check_symbol_names(struct attempt *attempt, __u64 size)
{
	const struct object *object = attempt->object;
	unsigned int i;

	for (i = 0; i < object->nr_symbols; i++) {
		if (object->symbols[i].raw.st_name >= size) {
			refuse_file(attempt, "strings-outside",
				    number(attempt, i));
			return;
		}
	}
}

/**
 * check_string_table() - Check the names of symbols.
 * @attempt: the attempt
 */
void check_string_table(struct attempt *attempt)
{
	const struct object *object = attempt->object;
	struct buffer strings =
		object_section(object, object->sections[object->symtab].sh_link);

	if (!strings.size)
		refuse_file(attempt, "strings-empty");
	else if (strings.data[0])
		refuse_file(attempt, "strings-begin");
	else if (strings.data[strings.size - 1])
		refuse_file(attempt, "strings-end");
	else
		check_symbol_names(attempt, strings.size);
}

/* Return true if a buffer has at least @nr strings. */
static bool has_strings(struct buffer buffer, size_t nr)
{
	size_t offset = 0;

	for (; nr; nr--) {
		const char *string = buffer_string(buffer, offset);

		if (!string)
			return false;
		offset += strlen(string) + 1;
	}
	return true;
}

/**
 * check_extended_versions() - Check the sections with extended versions.
 * @attempt: the attempt
 */
void check_extended_versions(struct attempt *attempt)
{
	const struct object *object = attempt->object;
	unsigned int crcs = object_find_loaded(object, "__version_ext_crcs");
	unsigned int names = object_find_loaded(object, "__version_ext_names");
	size_t nr = object_section(object, crcs).size / sizeof(__u32);

	if (attempt->flags & MODULE_INIT_IGNORE_MODVERSIONS)
		return;
	if (!crcs != !names)
		refuse(attempt, "versions-mismatch", NULL);
	else if (nr && !has_strings(object_section(object, names), nr))
		refuse(attempt, "versions-names", NULL);
}

/**
 * check_section_flags() - Check that no section is both writable and executable.
 * @attempt: the attempt
 */
void check_section_flags(struct attempt *attempt)
{
	const __u64 both = SHF_WRITE | SHF_EXECINSTR;
	const struct object *object = attempt->object;
	enum fact is_strict = kernel_config(attempt->kernel, "STRICT_MODULE_RWX");
	unsigned int i = 0;

	while (i < object->nr_sections &&
	       (object->sections[i].sh_flags & both) != both)
		i++;
	if (i >= object->nr_sections || is_strict == FACT_NO)
		return;
	/* It is always set on x86-64. */
	if (is_strict == FACT_YES || attempt->kernel->machine == EM_X86_64)
		refuse(attempt, "section-flags",
		       object->name ? object->name : "",
		       object_section_name(object, i), number(attempt, i), NULL);
	else
		unsure(attempt,
		       "Section %s is writable and executable: STRICT_MODULE_RWX in the configuration of the kernel tells whether this is allowed.",
		       object_section_name(object, i));
}
