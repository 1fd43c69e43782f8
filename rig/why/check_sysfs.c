// SPDX-License-Identifier: GPL-2.0
/*
 * Check sysfs - the directory and the files of the module in /sys/module
 */

#include <errno.h>
#include <string.h>

#include "checks.h"
#include "names.h"
#include "parameters.h"

const struct message messages_sysfs[] = {
	{ "name-built-in", 0, 0, EINVAL, false, "%1: module is already loaded",
	  "/sys/module/%1 exists: a part of the kernel itself is called so.",
	  "Give the module another name: obj-m := NAME.o" },
	{ "name-empty", 0, 0, EINVAL, false,
	  "kobject: (%1): attempted to be registered with empty name!",
	  "The module has an empty name in struct module.\n"
	  "This comes with a stack and the taint W.",
	  "Build the module again: make clean, then make." },
	{ "parameter-twice", 0, 0, EEXIST, false,
	  "sysfs: cannot create duplicate filename '/module/%1/parameters/%2'",
	  "Two parameters of the module are called %2: perhaps two of its source files declare it.\n"
	  "This comes with a stack: it is not a fault of the kernel.",
	  "Declare it in one source file, or give one of them another name: module_param_named()" },
	{ "parameter-mode", 0, 0, 0, false,
	  "Attribute %1: Invalid permissions 0%2",
	  "The file of the parameter %1 in /sys/module has permissions that Linux does not allow: nobody may execute it, and others may not write to it.\n"
	  "Linux takes them away, and loads the module. This comes with a stack and the taint W.",
	  "Give the parameter other permissions: module_param(%1, TYPE, 0644)" },
	{ "section-twice", LINUX(6, 12), 0, EEXIST, false,
	  "sysfs: cannot create duplicate filename '/module/%1/sections/%2'",
	  "Two sections of the module are called %2, and each gets a file in /sys/module.\n"
	  "This comes with a stack: it is not a fault of the kernel.",
	  "Build the module with the kernel's Makefile, which joins them." },
	{ "section-twice", 0, LINUX(6, 12), 0, false,
	  "sysfs: cannot create duplicate filename '/module/%1/sections/%2'",
	  "Two sections of the module are called %2, and only one gets a file in /sys/module.\n"
	  "This comes with a stack: it is not a fault of the kernel.",
	  "Build the module with the kernel's Makefile, which joins them." },
	{}
};

/**
 * check_sysfs() - Check whether /sys/module/NAME exists.
 * @attempt: the attempt
 *
 * A name that is not known to be built in is taken for free, because few are.
 */
void check_sysfs(struct attempt *attempt)
{
	const char *name = attempt->object->name;

	if (!name)
		return;
	if (!*name)
		refuse(attempt, "name-empty", not_known, NULL);
	else if (kernel_has_builtin(attempt->kernel, name) == FACT_YES)
		refuse(attempt, "name-built-in", name, NULL);
}

/* SYSFS_PREALLOC and what files may have; sysfs_create_group(). */
#define MODE_ALLOWED	010664U

/**
 * check_parameter_files() - Check the files of parameters and their permissions.
 * @attempt: the attempt
 *
 * A parameter without permissions has no file.
 */
void check_parameter_files(struct attempt *attempt)
{
	struct arena *arena = &attempt->arena;
	struct parameters parameters = {};
	struct names names = {};
	unsigned int i;

	parameters_read(arena, attempt->object, &parameters);
	for (i = 0; i < parameters.nr; i++) {
		const struct parameter *parameter = &parameters.list[i];

		if (!parameter->name || !parameter->mode)
			continue;
		if (parameter->mode & ~MODE_ALLOWED)
			remark(attempt, "parameter-mode", parameter->name,
			       attempt_print(attempt, "%o", parameter->mode),
			       NULL);
		if (names_add(arena, &names, parameter->name, parameter))
			continue;
		refuse(attempt, "parameter-twice", attempt_name(attempt),
		       parameter->name, NULL);
		return;
	}
}

/* Return the name of the first section that has the file of an earlier one. */
static const char *find_section_twice(struct attempt *attempt)
{
	const struct object *object = attempt->object;
	unsigned int symtab = object->symtab;
	unsigned int strtab = object->sections[symtab].sh_link;
	struct names names = {};
	unsigned int i;

	for (i = 1; i < object->nr_sections; i++) {
		const struct elf64_shdr *section = &object->sections[i];
		const char *name = object_section_name(object, i);

		/* Linux keeps the symbols, too, which the file does not mark. */
		if (i != symtab && i != strtab && !keeps_section(attempt, i))
			continue;
		if (section->sh_size &&
		    !names_add(&attempt->arena, &names, name, section))
			return name;
	}
	return NULL;
}

/**
 * check_section_files() - Check that no two sections have the same file.
 * @attempt: the attempt
 */
void check_section_files(struct attempt *attempt)
{
	const char *name = find_section_twice(attempt);

	if (name && kernel_config(attempt->kernel, "KALLSYMS") != FACT_NO)
		refuse(attempt, "section-twice", attempt_name(attempt), name,
		       NULL);
}

/**
 * check_early_section_files() - The same before 6.12, which loads the module.
 * @attempt: the attempt
 */
void check_early_section_files(struct attempt *attempt)
{
	const char *name = find_section_twice(attempt);

	if (name && kernel_config(attempt->kernel, "KALLSYMS") != FACT_NO)
		remark(attempt, "section-twice", attempt_name(attempt), name,
		       NULL);
}
