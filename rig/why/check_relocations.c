// SPDX-License-Identifier: GPL-2.0
/*
 * Relocations - what Linux on x86-64 makes of them
 *
 * The addresses that Linux gives to sections and symbols are not known here.
 * What is known of them is enough: the kernel and its modules are in the upper
 * 2 GiB, so that type 32 overflows and type 32S does not.
 */

#include <errno.h>
#include <string.h>

#include "checks.h"

/* arch/x86/include/asm/elf.h, or the ABI for those that Linux does not know. */
enum x86_relocation {
	TYPE_NONE = 0,
	TYPE_64 = 1,
	TYPE_PC32 = 2,
	TYPE_PLT32 = 4,
	TYPE_GOTPCREL = 9,
	TYPE_32 = 10,
	TYPE_32S = 11,
	TYPE_PC64 = 24,
	TYPE_GOTPCRELX = 41,
	TYPE_REX_GOTPCRELX = 42,
};

/* A constant that could carry an address around the end of the address space. */
#define ADDEND_LIMIT	(16LL << 20)

const struct message messages_relocations[] = {
	{ "unknown-relocation", 0, 0, ENOEXEC, false,
	  "module: %1: Unknown rela relocation: %2",
	  "Linux does not know relocations of type %2: the file is damaged, or was compiled with options that are not the kernel's.",
	  "Build the module with the kernel's Makefile: make -C /lib/modules/$(uname -r)/build M=$PWD modules"
	},
	{ "pic-relocation", 0, 0, ENOEXEC, false,
	  "module: %1: Unknown rela relocation: %2",
	  "A relocation of type %2 goes through a global offset table, which modules do not have: the code was compiled as position-independent code (-fPIC or -fPIE).\n"
	  "It is in the section %3.",
	  "Compile it with the kernel's own flags: make -C /lib/modules/$(uname -r)/build M=$PWD clean modules\n"
	  "If the Makefile of the module adds -fPIC, remove it, or add: ccflags-y += -fno-pic" },
	{ "relocation-overflow", 0, LINUX(7, 0), ENOEXEC, false,
	  "module: overflow in relocation type %1 val %2",
	  "An address does not fit into the 32 bits that the code has for it: modules are in the upper 2 GiB of the address space.\n"
	  "It is in the section %3, and refers to %4.",
	  "Compile with the kernel's own flags, which have -mcmodel=kernel: make -C /lib/modules/$(uname -r)/build M=$PWD clean modules"
	},
	{ "relocation-overflow", LINUX(7, 0), 0, ENOEXEC, false,
	  "module: overflow in relocation type %1 val %2 sec %5 idx %6",
	  "An address does not fit into the 32 bits that the code has for it: modules are in the upper 2 GiB of the address space.\n"
	  "It is in the section %3, and refers to %4.",
	  "Compile with the kernel's own flags, which have -mcmodel=kernel: make -C /lib/modules/$(uname -r)/build M=$PWD clean modules"
	},
	{ "code-model", 0, 0, ENOEXEC, false,
	  "module: `%1' likely not compiled with -mcmodel=kernel",
	  "It says what the overflow in the line before comes from.",
	  "Compile with the kernel's own flags, which have -mcmodel=kernel: make -C /lib/modules/$(uname -r)/build M=$PWD clean modules"
	},
	{ "nonzero-place", 0, LINUX(6, 3), ENOEXEC, false,
	  "module: x86/modules: Skipping invalid relocation target, existing value is nonzero for type %1, loc %2, val %3",
	  "The place that is relocated has to be zero in the file, and is not: the file is damaged, or a tool has already relocated it.\n"
	  "It is in the section %6, at offset %7.",
	  "Build the module again, or copy it again." },
	{ "nonzero-place", LINUX(6, 3), LINUX(7, 0), ENOEXEC, false,
	  "module: x86/modules: Invalid relocation target, existing value is nonzero for type %1, loc %2, val %3",
	  "The place that is relocated has to be zero in the file, and is not: the file is damaged, or a tool has already relocated it.\n"
	  "It is in the section %6, at offset %7.",
	  "Build the module again, or copy it again." },
	{ "nonzero-place", LINUX(7, 0), 0, ENOEXEC, false,
	  "module: x86/modules: Invalid relocation target, existing value is nonzero for sec %4, idx %5, type %1, loc %2, val %3",
	  "The place that is relocated has to be zero in the file, and is not: the file is damaged, or a tool has already relocated it.\n"
	  "It is in the section %6, at offset %7.",
	  "Build the module again, or copy it again." },
	{ "livepatch-section", 0, 0, EINVAL, false,
	  "livepatch: section %1 has an incorrectly formatted name",
	  "The section %1 has relocations of a live patch (SHF_RELA_LIVEPATCH), and its name must begin with .klp.rela.OBJECT. and that of the part that is patched.",
	  "Build the live patch again with the tool that made it." },
	{ "no-addends", 0, 0, ENOEXEC, false,
	  "module %1: REL relocation unsupported",
	  "Linux on this architecture reads relocations with addends only (SHT_RELA).",
	  "Build the module with a compiler for this architecture." },
	{}
};

/* What differs between versions of Linux. */
struct rules {
	bool is_place_first;
	bool has_percpu;
	bool has_upper_percpu;
};

/* One relocation, and what is needed to judge it. */
struct place {
	struct attempt *attempt;
	unsigned int section;
	unsigned int target;
	unsigned int percpu;
	bool has_upper_percpu;
	__u64 index;
	struct elf64_rela rela;
	unsigned int type;
};

/* What is known of the value of a symbol plus an addend. */
enum range { RANGE_EXACT, RANGE_UPPER, RANGE_VMALLOC, RANGE_UNKNOWN };

/* Return whether Linux keeps a section, with what it changes in the flags. */
static bool is_kept(const struct place *place, unsigned int section)
{
	const struct object *object = place->attempt->object;
	const char *name = object_section_name(object, section);

	return section && section != object->modinfo &&
	       object->sections[section].sh_flags & SHF_ALLOC &&
	       strncmp(name, "__version", 9);
}

static enum range value_range(const struct place *place, __u64 *value)
{
	const struct object *object = place->attempt->object;
	const struct elf64_sym *symbol;
	__s64 addend = place->rela.r_addend;

	symbol = &object->symbols[ELF64_R_SYM(place->rela.r_info)].raw;
	*value = symbol->st_value + (__u64)addend;
	if (!ELF64_R_SYM(place->rela.r_info) || symbol->st_shndx == SHN_ABS)
		return RANGE_EXACT;
	if (addend < -ADDEND_LIMIT || addend > ADDEND_LIMIT)
		return RANGE_UNKNOWN;
	if (symbol->st_shndx == SHN_UNDEF)
		return ELF64_ST_BIND(symbol->st_info) == STB_WEAK ?
		       RANGE_UNKNOWN : RANGE_UPPER;
	if (symbol->st_shndx >= object->nr_sections ||
	    symbol->st_value > ADDEND_LIMIT)
		return RANGE_UNKNOWN;
	if (place->percpu && symbol->st_shndx == place->percpu)
		return place->has_upper_percpu ? RANGE_UPPER : RANGE_UNKNOWN;
	return is_kept(place, symbol->st_shndx) ? RANGE_UPPER : RANGE_VMALLOC;
}

/* Return true if the value certainly does not fit into the place. */
static bool overflows(const struct place *place)
{
	__u64 value;
	enum range range;

	if (place->type != TYPE_32 && place->type != TYPE_32S)
		return false;
	range = value_range(place, &value);
	if (range == RANGE_EXACT && place->type == TYPE_32)
		return value != (__u32)value;
	if (range == RANGE_EXACT)
		return (__s64)value != (__s32)value;
	return range == RANGE_VMALLOC ||
	       (range == RANGE_UPPER && place->type == TYPE_32);
}

static const char *print_number(const struct place *place, __u64 number)
{
	return attempt_print(place->attempt, "%llu", (unsigned long long)number);
}

/* Return what the symbol of a relocation is called. */
static const char *symbol_name(const struct place *place)
{
	const struct object *object = place->attempt->object;
	const struct object_symbol *symbol;

	symbol = &object->symbols[ELF64_R_SYM(place->rela.r_info)];
	if (ELF64_ST_TYPE(symbol->raw.st_info) == STT_SECTION)
		return object_section_name(object, symbol->raw.st_shndx);
	return *symbol->name ? symbol->name : not_known;
}

static bool report_overflow(const struct place *place)
{
	struct attempt *attempt = place->attempt;
	const char *text = not_known;
	__u64 value;

	if (!overflows(place))
		return false;
	if (value_range(place, &value) == RANGE_EXACT)
		text = attempt_print(attempt, "%llx", (unsigned long long)value);
	refuse(attempt, "relocation-overflow", print_number(place, place->type),
	       text, object_section_name(attempt->object, place->target),
	       symbol_name(place), print_number(place, place->section),
	       print_number(place, place->index), NULL);
	refuse(attempt, "code-model", attempt_name(attempt), NULL);
	return true;
}

/* Return how many bytes a type changes; 0 for a type that Linux refuses. */
static size_t type_size(unsigned int type)
{
	switch (type) {
	case TYPE_64:
	case TYPE_PC64:
		return 8;
	case TYPE_32:
	case TYPE_32S:
	case TYPE_PC32:
	case TYPE_PLT32:
		return 4;
	default:
		return 0;
	}
}

static bool report_nonzero(const struct place *place)
{
	struct attempt *attempt = place->attempt;
	struct buffer section = object_section(attempt->object, place->target);
	size_t size = type_size(place->type);
	__u64 content = 0;

	/* A part of the place may be outside; see check_place(). */
	while (size && !buffer_read(section, place->rela.r_offset, &content, size))
		size--;
	if (!content)
		return false;
	refuse(attempt, "nonzero-place", print_number(place, place->type),
	       not_known, not_known, print_number(place, place->section),
	       print_number(place, place->index),
	       object_section_name(attempt->object, place->target),
	       attempt_print(attempt, "0x%llx",
			     (unsigned long long)place->rela.r_offset), NULL);
	return true;
}

static bool report_type(const struct place *place)
{
	struct attempt *attempt = place->attempt;
	const char *message = "unknown-relocation";

	if (place->type == TYPE_GOTPCREL || place->type == TYPE_GOTPCRELX ||
	    place->type == TYPE_REX_GOTPCRELX)
		message = "pic-relocation";
	refuse(attempt, message, attempt_name(attempt),
	       print_number(place, place->type),
	       object_section_name(attempt->object, place->target), NULL);
	return true;
}

static bool has_symbol(const struct place *place)
{
	return ELF64_R_SYM(place->rela.r_info) <
	       place->attempt->object->nr_symbols;
}

/* Linux does not check where a relocation is, nor whether its symbol exists. */
static bool is_outside(const struct place *place)
{
	const struct object *object = place->attempt->object;
	__u64 size = object->sections[place->target].sh_size;
	size_t width = type_size(place->type);

	return !has_symbol(place) || place->rela.r_offset > size ||
	       width > size - place->rela.r_offset;
}

/* Report what is wrong for certain, in the kernel's order. */
static bool report_fault(const struct place *place, const struct rules *rules)
{
	if (!has_symbol(place))
		return false;
	if (rules->is_place_first)
		return report_nonzero(place) || report_overflow(place);
	return report_overflow(place) || report_nonzero(place);
}

/* Return true if Linux goes no further because of this relocation. */
static bool check_place(const struct place *place, const struct rules *rules)
{
	if (place->type == TYPE_NONE)
		return false;
	if (!type_size(place->type))
		return report_type(place);
	if (report_fault(place, rules))
		return true;
	if (!is_outside(place))
		return false;
	unsure(place->attempt,
	       "Relocation %llu of section %u is for a place or symbol that does not exist. Linux does not check this, and writes elsewhere: build the module again.",
	       (unsigned long long)place->index, place->section);
	return true;
}

/*
 * Check a section with relocations of a live patch, as
 * klp_apply_section_relocs() does.  Return true if Linux goes no further.
 */
static bool check_livepatch_section(const struct place *place)
{
	static const char prefix[] = ".klp.rela.";
	struct attempt *attempt = place->attempt;
	const char *name = object_section_name(attempt->object, place->section);
	size_t length = sizeof(prefix) - 1;

	if (!strncmp(name, prefix, length) && name[length] &&
	    name[length] != '.')
		return false;
	switch (kernel_config(attempt->kernel, "LIVEPATCH")) {
	case FACT_YES:
		refuse(attempt, "livepatch-section", name, NULL);
		return true;
	case FACT_UNKNOWN:
		unsure(attempt,
		       "The name of section %s is not one for relocations of a live patch; whether the kernel takes it, LIVEPATCH in its configuration would tell.",
		       name);
		return true;
	case FACT_NO:
		break;
	}
	return false;
}

/* Return true if Linux relocates the section that this one is for. */
static bool is_relocated(const struct place *place, const struct rules *rules)
{
	const struct object *object = place->attempt->object;

	if (place->target >= object->nr_sections)
		return false;
	if (place->percpu && place->target == place->percpu)
		return rules->has_percpu;
	return is_kept(place, place->target);
}

/* Return true if Linux goes no further because of this section. */
static bool check_section(struct place *place, const struct rules *rules,
			  __u64 *left)
{
	struct attempt *attempt = place->attempt;
	const struct elf64_shdr *section;

	section = &attempt->object->sections[place->section];
	place->target = section->sh_info;
	if (!is_relocated(place, rules))
		return false;
	if (section->sh_flags & SHF_RELA_LIVEPATCH)
		return check_livepatch_section(place);
	if (section->sh_type == SHT_REL) {
		refuse(attempt, "no-addends", attempt_name(attempt), NULL);
		return true;
	}
	if (section->sh_type != SHT_RELA)
		return false;
	for (place->index = 0; object_relocation(attempt->object, place->section,
						 place->index, &place->rela);
	     place->index++) {
		if (!*left)
			return true;
		--*left;
		place->type = ELF64_R_TYPE(place->rela.r_info);
		if (check_place(place, rules))
			return true;
	}
	return false;
}

static void check_all(struct attempt *attempt, const struct rules *rules)
{
	const struct object *object = attempt->object;
	struct place place = { .attempt = attempt };
	__u64 left = object->elf.size / sizeof(place.rela);

	/* Sections that overlap do not make this slow. */
	if (object->header.e_machine != EM_X86_64)
		return;
	if (kernel_config(attempt->kernel, "SMP") != FACT_NO)
		place.percpu = object_find_loaded(object, ".data..percpu");
	place.has_upper_percpu = rules->has_upper_percpu;
	for (place.section = 1; place.section < object->nr_sections;
	     place.section++)
		if (check_section(&place, rules, &left))
			break;
	if (!left)
		unsure(attempt,
		       "The sections with relocations overlap, so they are not all checked: build the module again.");
}

/**
 * check_relocations_early() - Check the relocations as Linux does before 6.3.
 * @attempt: the attempt
 */
void check_relocations_early(struct attempt *attempt)
{
	static const struct rules rules = { .is_place_first = true };

	check_all(attempt, &rules);
}

/**
 * check_relocations() - Check the relocations as Linux does since 6.3.
 * @attempt: the attempt
 */
void check_relocations(struct attempt *attempt)
{
	static const struct rules rules = {};

	check_all(attempt, &rules);
}

/**
 * check_relocations_upper() - Check the relocations as Linux does since 6.15.
 * @attempt: the attempt
 *
 * There, the addresses of per-CPU data do not begin at 0 any more.
 */
void check_relocations_upper(struct attempt *attempt)
{
	static const struct rules rules = { .has_upper_percpu = true };

	check_all(attempt, &rules);
}

/**
 * check_relocations_percpu() - Check the relocations as Linux does since 7.0.
 * @attempt: the attempt
 *
 * These relocate per-CPU data as well.
 */
void check_relocations_percpu(struct attempt *attempt)
{
	static const struct rules rules = {
		.has_percpu = true,
		.has_upper_percpu = true,
	};

	check_all(attempt, &rules);
}
