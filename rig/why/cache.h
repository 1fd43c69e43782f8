/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cache - files with the facts of kernels, so that they are read only once
 */

#ifndef _WHY_CACHE_H
#define _WHY_CACHE_H

#include "buffer.h"

bool cache_parse(struct buffer file, const char *key);
bool cache_load(const char *name, const char *key, struct buffer *block);
void cache_unload(struct buffer block);
void cache_store(const char *name, struct buffer block);

#endif
