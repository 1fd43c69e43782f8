// SPDX-License-Identifier: GPL-2.0
/*
 * Check what is set up late - per-CPU data, constructors, /sys/module, init()
 */

#include <errno.h>
#include <string.h>

#include "checks.h"

/* As in arch/.../page.h of the architectures with pages of 4 KiB. */
#define PAGE_SIZE		4096UL
/* PCPU_MIN_UNIT_SIZE and PERCPU_MODULE_RESERVE of include/linux/percpu.h. */
#define UNIT_SIZE		32768UL
#define RESERVED_SIZE		8192UL
#define LARGE_RESERVED_SIZE	65536UL
/* PCPU_MIN_ALLOC_SIZE */
#define LEAST_SIZE		4UL

const struct message messages_late[] = {
	{ "percpu-alignment", 0, 0, 0, false,
	  "%1: per-cpu alignment %2 > %3",
	  "The per-CPU data of the module is to be aligned to %2 bytes, and the kernel aligns it to %3.",
	  "Align it to %3 bytes at most." },
	{ "percpu-illegal", 0, 0, 0, false,
	  "illegal size (%1) or align (%2) for percpu allocation",
	  "The per-CPU data has more than 32768 bytes, or its alignment is not a power of two.\n"
	  "This comes with a stack and the taint W: it is not a fault of the kernel.",
	  NULL },
	{ "percpu-reserve", 0, 0, 0, false,
	  "percpu: allocation failed, size=%1 align=%2 atomic=0, alloc from reserved chunk failed",
	  "All modules together have 8192 bytes for their per-CPU data.\n"
	  "This comes with a stack: it is not a fault of the kernel.",
	  NULL },
	{ "percpu-memory", 0, 0, ENOMEM, false,
	  "%1: Could not allocate %2 bytes percpu data",
	  "The module has %2 bytes of per-CPU data (DEFINE_PER_CPU), and the memory that is reserved for modules does not have them.\n"
	  "All modules together have %3 bytes.",
	  "Allocate it when the module is loaded, with alloc_percpu(), and not with DEFINE_PER_CPU()."
	},
	{ "module-memory", LINUX(6, 10), 0, ENOMEM, false,
	  "execmem: unable to allocate memory",
	  "The kernel has no %1 bytes in a row for the code and data of a module.\n"
	  "All modules together have less than %2 MiB.",
	  "Allocate large data when the module is loaded, with vmalloc(), and not as a variable." },
	{ "module-memory", 0, LINUX(6, 10), ENOMEM, false, NULL,
	  "The kernel has no %1 bytes in a row for the code and data of a module.\n"
	  "All modules together have less than %2 MiB.",
	  "Allocate large data when the module is loaded, with vmalloc(), and not as a variable." },
	{ "two-constructors", 0, 0, EINVAL, false,
	  "%1: has both .ctors and .init_array.",
	  "The parts of the module were compiled in different ways: some have constructors in .ctors, others in .init_array.",
	  "Build all of it again with one compiler: make clean, then make." },
	{ "obsolete-parameters", 0, 0, 0, false,
	  "%1: Ignoring obsolete parameters",
	  "The module has parameters in the form of Linux 2.4 (MODULE_PARM).",
	  "Declare them with module_param()." },
	{ "btf-fault", 0, 0, 0, false, "BPF: %1",
	  "It says what is wrong with the types of a module (section .BTF or .BTF.base).",
	  NULL },
	{ "btf-type", 0, 0, 0, false, "BPF: [%1] %2",
	  "It says what is wrong with type %1 of a module (section .BTF or .BTF.base). The types of a module are numbered on from those of the kernel.",
	  NULL },
	{ "btf", 0, LINUX(6, 3), 0, false,
	  "failed to validate module [%1] BTF: -%2",
	  "The section .BTF of the module cannot be used, so BPF programs do not know its types.\n"
	  "The module is loaded all the same, because of MODULE_ALLOW_BTF_MISMATCH.\n"
	  "%3",
	  "Build the module again, against the vmlinux of the kernel, or without BTF: strip -R .BTF FILE"
	},
	{ "btf", LINUX(6, 3), 0, 0, true,
	  "Kernel module BTF mismatch detected, BTF debug info may be unavailable for some modules",
	  "The section .BTF of the module cannot be used, so BPF programs do not know its types.\n"
	  "The module is loaded all the same, because of MODULE_ALLOW_BTF_MISMATCH.\n"
	  "%3",
	  "Build the module again, against the vmlinux of the kernel, or without BTF: strip -R .BTF FILE"
	},
	{ "btf-invalid", 0, 0, EINVAL, false,
	  "failed to validate module [%1] BTF: -%2",
	  "The section .BTF of the module does not fit to the BTF of the kernel, and the kernel has no MODULE_ALLOW_BTF_MISMATCH.\n"
	  "%3",
	  "Remove the section: strip -R .BTF FILE (or objcopy --remove-section .BTF FILE)\n"
	  "Or build the module again, against the vmlinux of the kernel." },
	{}
};

static const char *module_name(const struct attempt *attempt)
{
	return attempt->object->name ? attempt->object->name : "";
}

static const char *number(struct attempt *attempt, __u64 value)
{
	return attempt_print(attempt, "%llu", value);
}

static bool is_power_of_two(__u64 value)
{
	return value && !(value & (value - 1));
}

/* Do what percpu_modalloc() does if @reserved bytes are free. */
static void allocate_percpu(struct attempt *attempt, __u64 reserved)
{
	const struct object *object = attempt->object;
	unsigned int index = object_find_loaded(object, ".data..percpu");
	const struct elf64_shdr *section = &object->sections[index];
	__u64 align = section->sh_addralign;
	__u64 size;

	if (!index || !section->sh_size ||
	    kernel_config(attempt->kernel, "SMP") == FACT_NO)
		return;
	if (align > PAGE_SIZE) {
		remark(attempt, "percpu-alignment", module_name(attempt),
		       attempt_print(attempt, "%lld", (long long)align),
		       number(attempt, PAGE_SIZE), NULL);
		align = PAGE_SIZE;
	}
	if (align < LEAST_SIZE)
		align = LEAST_SIZE;
	size = (section->sh_size + LEAST_SIZE - 1) & ~(LEAST_SIZE - 1);
	if (!size || size > UNIT_SIZE || !is_power_of_two(align))
		remark(attempt, "percpu-illegal", number(attempt, size),
		       number(attempt, align), NULL);
	else if (size > reserved)
		remark(attempt, "percpu-reserve", number(attempt, size),
		       number(attempt, align), NULL);
	else
		return;
	refuse(attempt, "percpu-memory", module_name(attempt),
	       number(attempt, section->sh_size), number(attempt, reserved),
	       NULL);
}

/**
 * check_percpu() - Check the size of the per-CPU data.
 * @attempt: the attempt
 *
 * How much of the reserved memory the loaded modules use cannot be known.
 */
void check_percpu(struct attempt *attempt)
{
	allocate_percpu(attempt, RESERVED_SIZE);
}

/**
 * check_large_percpu() - Check the size of the per-CPU data, from 6.10 to 6.15.
 * @attempt: the attempt
 */
void check_large_percpu(struct attempt *attempt)
{
	bool is_large = kernel_config(attempt->kernel, "MEM_ALLOC_PROFILING") ==
			FACT_YES;

	allocate_percpu(attempt, is_large ? LARGE_RESERVED_SIZE : RESERVED_SIZE);
}

/* How many MiB modules have on x86-64, with and without RANDOMIZE_BASE. */
#define SMALL_AREA		1008
#define LARGE_AREA		1520

#define NR_REGIONS		6

/*
 * Add a section to the region that Linux puts it into, which is one for each
 * kind of access if @has_kinds is true, and others until init has returned.
 */
static void add_to_region(__u64 regions[NR_REGIONS], const char *name,
			  const struct elf64_shdr *section, bool has_kinds)
{
	__u64 align = section->sh_addralign;
	__u64 *size = &regions[!strncmp(name, ".init", 5) ? NR_REGIONS / 2 : 0];

	if (has_kinds && section->sh_flags & SHF_EXECINSTR)
		size += 1;
	else if (has_kinds && section->sh_flags & SHF_WRITE)
		size += 2;
	if (is_power_of_two(align))
		*size = (*size + align - 1) & ~(align - 1);
	*size += section->sh_size;
}

/**
 * keeps_section() - Return true if a section is in the memory of a loaded module.
 * @attempt: the attempt
 * @index: the number of the section
 *
 * Linux reads .modinfo and __versions in its copy of the file, and per-CPU data has
 * memory of its own.
 */
bool keeps_section(const struct attempt *attempt, unsigned int index)
{
	const struct object *object = attempt->object;
	const char *name = object_section_name(object, index);

	if (!(object->sections[index].sh_flags & SHF_ALLOC) ||
	    index == object->modinfo)
		return false;
	if (strcmp(name, "__versions") && strcmp(name, ".data..percpu"))
		return true;
	/* Only the first one of this name has the meaning. */
	return index != object_find_loaded(object, name) ||
	       (*name == '.' && kernel_config(attempt->kernel, "SMP") == FACT_NO);
}

/*
 * From MODULES_VADDR to MODULES_END of arch/x86/include/asm/pgtable_64_types.h.
 * Linux adds sizes up in 32 bits, so what it does beyond 4 GiB is not told here.
 */
static void check_regions(struct attempt *attempt, bool has_kinds)
{
	const struct object *object = attempt->object;
	unsigned int symtab = object->symtab;
	unsigned int strtab = object->sections[symtab].sh_link;
	enum fact is_small = kernel_config(attempt->kernel, "RANDOMIZE_BASE");
	unsigned int area = is_small == FACT_YES ? SMALL_AREA : LARGE_AREA;
	__u64 regions[NR_REGIONS] = {};
	__u64 total = 0;
	unsigned int i;

	for (i = 1; i < object->nr_sections; i++) {
		struct elf64_shdr section = object->sections[i];
		const char *name = object_section_name(object, i);

		if (i == symtab || i == strtab) {
			/* Linux keeps these as data until init has returned. */
			name = ".init";
			section.sh_flags = SHF_WRITE;
		} else if (!keeps_section(attempt, i)) {
			continue;
		}
		if (section.sh_size <= ~0U && section.sh_addralign <= ~0U)
			add_to_region(regions, name, &section, has_kinds);
		else
			total = ~0U + 1ULL;
	}
	for (i = 0; i < NR_REGIONS; i++)
		total += regions[i];
	if (attempt->kernel->machine != EM_X86_64 ||
	    total >> 20 < SMALL_AREA)
		return;
	if (total > ~0U)
		unsure(attempt,
		       "A section has a size or an alignment of more than 4 GiB; what Linux does with it is not known.");
	else if (total >> 20 >= area)
		refuse(attempt, "module-memory",
		       attempt_print(attempt, "%llu", (unsigned long long)total),
		       attempt_print(attempt, "%u", area), NULL);
	else if (is_small == FACT_UNKNOWN)
		unsure(attempt,
		       "Whether %llu bytes fit into the area for modules: RANDOMIZE_BASE in the configuration would tell.",
		       (unsigned long long)total);
}

/**
 * check_early_memory() - Check whether the module fits in, before 6.4.
 * @attempt: the attempt
 *
 * There, a module has one region, and another one until init has returned.
 */
void check_early_memory(struct attempt *attempt)
{
	check_regions(attempt, false);
}

/**
 * check_memory() - Check whether the module fits into the area for modules.
 * @attempt: the attempt
 */
void check_memory(struct attempt *attempt)
{
	check_regions(attempt, true);
}

/**
 * check_constructors() - Check the sections that find_module_sections() finds.
 * @attempt: the attempt
 */
void check_constructors(struct attempt *attempt)
{
	const struct object *object = attempt->object;

	if (object_find_loaded(object, ".ctors") &&
	    object_find_loaded(object, ".init_array")) {
		switch (kernel_config(attempt->kernel, "CONSTRUCTORS")) {
		case FACT_YES:
			refuse(attempt, "two-constructors", module_name(attempt),
			       NULL);
			break;
		case FACT_UNKNOWN:
			unsure(attempt,
			       "The module has both .ctors and .init_array; whether the kernel takes it is not known: CONSTRUCTORS in its configuration would tell.");
			break;
		case FACT_NO:
			break;
		}
	}
	if (object_find_loaded(object, "__obsparm"))
		remark(attempt, "obsolete-parameters", module_name(attempt), NULL);
}

/**
 * check_init() - Check what init() of the module returns.
 * @attempt: the attempt
 *
 * This cannot be known before it runs, so nothing is reported.
 */
void check_init(struct attempt *attempt)
{
	(void)attempt;
}
