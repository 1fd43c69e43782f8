/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Owner - a module of the kernel, and what it exports
 *
 * Its file is read when a symbol is asked for about which depmod's list tells
 * no more than its owner.
 */

#ifndef _WHY_OWNER_H
#define _WHY_OWNER_H

#include "buffer.h"
#include "kernel.h"

/**
 * struct owner - what a module of the kernel exports, read when it is asked for
 * @next: the next one
 * @name: the name of the module
 * @nr: entries in @exports
 * @exports: what it exports
 */
struct owner {
	struct owner *next;
	const char *name;
	unsigned int nr;
	struct kernel_export *exports;
};

/**
 * struct owners - all modules whose exports were needed
 * @arena: what is read
 * @directory: the directory with the modules
 * @list: the contents of modules.dep there
 * @first: the modules
 */
struct owners {
	struct arena arena;
	const char *directory;
	struct buffer list;
	struct owner *first;
};

bool lines_next(struct buffer *rest, struct buffer *line);
bool owners_find(struct owners *owners, const char *name, const char *owner,
		 struct kernel_export *found);

#endif
