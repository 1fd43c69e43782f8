/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Image - the file of a kernel, as it is in memory after the boot loader
 */

#ifndef _WHY_IMAGE_H
#define _WHY_IMAGE_H

#include "facts.h"

/**
 * struct image - the parts of an ELF file
 * @file: the file
 * @nr: how many sections there are
 * @table: the table of sections
 * @names: the names of sections
 */
struct image {
	struct buffer file;
	unsigned int nr;
	struct buffer table;
	struct buffer names;
};

bool image_parse(struct buffer file, struct draft *draft);
struct buffer image_section(const struct image *image, const char *name,
			    __u64 *address);
struct buffer image_memory(const struct image *image, __u64 address, bool *is_zero);
const char *image_string(const struct image *image, __u64 address);

#endif
