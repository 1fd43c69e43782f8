/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Builtin - parts of a kernel that have the names of modules
 */

#ifndef _WHY_BUILTIN_H
#define _WHY_BUILTIN_H

#include "image.h"

void builtin_parse(struct buffer file, struct draft *draft);
void builtin_read(const struct image *image, struct draft *draft);

#endif
