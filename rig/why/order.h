/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Order - the order in which several modules can be loaded
 */

#ifndef _WHY_ORDER_H
#define _WHY_ORDER_H

#include "kernel.h"
#include "object.h"

unsigned int *order_files(struct arena *arena, const struct kernel *kernel,
			  const char *const *paths, unsigned int nr);
bool order_is_module(const char *path);
unsigned int order_directory(struct arena *arena, const char *path,
			     const char ***paths);

#endif
