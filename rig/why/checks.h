/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Checks - all that Linux checks between finit_module(2) and init(), in order
 */

#ifndef _WHY_CHECKS_H
#define _WHY_CHECKS_H

#include "attempt.h"

/**
 * struct check - one check
 * @name: what it is called in the documentation
 * @since: the first version of Linux that makes it here; 0 for any
 * @before: the first version that does not make it here any more; 0 for none
 * @source: where it is in the source of Linux
 * @run: looks at the module, and reports what it finds
 */
struct check {
	const char *name;
	unsigned int since;
	unsigned int before;
	const char *source;
	void (*run)(struct attempt *attempt);
};

extern const struct check checks[];
extern const unsigned int nr_checks;

/* check_file.c: what comes before the ELF file is looked at */
void check_permission(struct attempt *attempt);
void check_early_flags(struct attempt *attempt);
void check_flags(struct attempt *attempt);
void check_read(struct attempt *attempt);
void check_decompression(struct attempt *attempt);
const char *boot_parameter(struct attempt *attempt, const char *name);
bool boot_switch(struct attempt *attempt, const char *name);

/* check_signature.c */
void check_signature(struct attempt *attempt);
bool keeps_signature(struct attempt *attempt);
enum fact is_locked_down(struct attempt *attempt);
const char *own_module(struct attempt *attempt, const char *name);
bool own_file(const struct kernel *kernel, const char *path);

/* check_elf.c: the header, the sections, the symbol table */
void check_elf_header(struct attempt *attempt);
void check_early_names(struct attempt *attempt);
void check_early_sections(struct attempt *attempt);
void check_sections(struct attempt *attempt);
void check_names(struct attempt *attempt);
void check_early_modinfo(struct attempt *attempt);
void check_modinfo(struct attempt *attempt);
void check_early_this_module(struct attempt *attempt);
void check_this_module(struct attempt *attempt);
void check_first_symbol_table(struct attempt *attempt);
void check_one_symbol_table(struct attempt *attempt);
void check_symbol_table(struct attempt *attempt);
void check_string_table(struct attempt *attempt);
void check_extended_versions(struct attempt *attempt);
void check_section_flags(struct attempt *attempt);

/* check_identity.c: name, version magic, version of struct module */
void check_blacklist(struct attempt *attempt);
void check_early_layout(struct attempt *attempt);
void check_module_layout(struct attempt *attempt);
void check_vermagic(struct attempt *attempt);
void check_loaded(struct attempt *attempt);
void check_livepatch(struct attempt *attempt);
void check_vmlinux(struct attempt *attempt);
const char *headers_directory(struct attempt *attempt);
const char *headers_package(struct attempt *attempt);

/* check_taint.c: what is accepted with a taint of the kernel */
void check_origin(struct attempt *attempt);
void check_livepatch_taint(struct attempt *attempt);
void check_licence(struct attempt *attempt);
void check_verification(struct attempt *attempt);
void check_early_offenders(struct attempt *attempt);
void check_offenders(struct attempt *attempt);
bool force_load(struct attempt *attempt, const char *reason);
bool has_found(const struct attempt *attempt, const char *message);

/* check_exports.c: what the module exports */
void check_export_versions(struct attempt *attempt);
void check_export_flags(struct attempt *attempt);
void check_duplicate_exports(struct attempt *attempt);

/* check_symbols.c: what the module imports */
void check_module_namespace(struct attempt *attempt);
void check_symbols(struct attempt *attempt);
void check_symbols_extended(struct attempt *attempt);
void check_symbols_spaces(struct attempt *attempt);

/* check_relocations.c */
void check_relocations_early(struct attempt *attempt);
void check_relocations(struct attempt *attempt);
void check_relocations_upper(struct attempt *attempt);
void check_relocations_percpu(struct attempt *attempt);

/* check_late.c: what is set up after the relocations */
bool keeps_section(const struct attempt *attempt, unsigned int index);
void check_early_memory(struct attempt *attempt);
void check_memory(struct attempt *attempt);
void check_percpu(struct attempt *attempt);
void check_large_percpu(struct attempt *attempt);
void check_constructors(struct attempt *attempt);
void check_init(struct attempt *attempt);

/* check_btf.c */
void check_early_btf(struct attempt *attempt);
void check_btf(struct attempt *attempt);

/* check_dyndbg.c */
void check_dyndbg(struct attempt *attempt, char *text);

/* check_sysfs.c */
void check_sysfs(struct attempt *attempt);
void check_parameter_files(struct attempt *attempt);
void check_section_files(struct attempt *attempt);
void check_early_section_files(struct attempt *attempt);

/* check_parameters.c */
void check_parameters_early(struct attempt *attempt);
void check_parameters(struct attempt *attempt);

#endif
