/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kernel - what is known about the kernel that a module is meant for
 *
 * The facts come from whatever is there: an image, headers, a directory of
 * modules, a configuration.  What none of these has is unknown, and each
 * question has an answer for that.
 */

#ifndef _WHY_KERNEL_H
#define _WHY_KERNEL_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "arena.h"

/* A version of Linux, for the ranges in the tables: LINUX(6, 12). */
#define LINUX(major, minor)	((major) << 8 | (minor))

enum fact { FACT_NO, FACT_YES, FACT_UNKNOWN };

/**
 * struct kernel_export - one symbol that the kernel or a module of it exports
 * @name: its name
 * @owner: the module that exports it, as "nf_nat"; NULL for the kernel itself
 * @space: its namespace; NULL if it has none
 * @crc: its CRC, if @has_crc
 * @has_crc: whether a CRC is known
 * @is_gpl: whether only modules with a GPL-compatible licence may use it
 */
struct kernel_export {
	const char *name;
	const char *owner;
	const char *space;
	__u32 crc;
	bool has_crc;
	bool is_gpl;
};

struct kernel_facts;

/**
 * struct kernel - a kernel
 * @arena: what the strings below are in
 * @title: how the user named it, or its release
 * @release: as uname -r prints it; NULL if unknown
 * @version: LINUX(major, minor); 0 if unknown
 * @vermagic: the whole version magic, with the space at its end; NULL if unknown
 * @module_size: sizeof(struct module) in bytes; 0 if unknown
 * @btf_names: how many bytes of names its .BTF has; 0 if unknown
 * @machine: e_machine of its modules, as EM_X86_64
 * @modules: the directory with its modules, as /lib/modules/RELEASE; NULL if
 *	unknown
 * @headers: the directory with its headers; NULL if unknown
 * @knows_exports: whether all exports of the kernel itself are known
 * @knows_module_exports: whether the exports of its own modules are known too
 * @is_running: whether this is the kernel that runs now
 * @facts: exports, configuration and names of built-in parts
 */
struct kernel {
	struct arena arena;
	const char *title;
	const char *release;
	unsigned int version;
	const char *vermagic;
	unsigned int module_size;
	unsigned int btf_names;
	unsigned int machine;
	const char *modules;
	const char *headers;
	bool knows_exports;
	bool knows_module_exports;
	bool is_running;
	struct kernel_facts *facts;
};

void kernel_open(struct kernel *kernel, const char *named);
void kernel_close(struct kernel *kernel);

bool kernel_find_export(const struct kernel *kernel, const char *name,
			struct kernel_export *found);
enum fact kernel_config(const struct kernel *kernel, const char *symbol);
enum fact kernel_has_builtin(const struct kernel *kernel, const char *name);

#endif
