/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Arena - memory that is freed all at once
 *
 * What is read from a file lives as long as the file's arena.  The program ends
 * with one line if there is no memory, so no caller checks for NULL.
 */

#ifndef _WHY_ARENA_H
#define _WHY_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "compiler.h"

struct arena_block;

/**
 * struct arena - the blocks that were allocated; all zero is an empty arena
 * @last: the newest block
 */
struct arena {
	struct arena_block *last;
};

void *arena_alloc(struct arena *arena, size_t size);
char *arena_copy(struct arena *arena, const char *text, size_t length);
__printf(2, 3) char *arena_print(struct arena *arena, const char *format, ...);
void arena_adopt(struct arena *arena, void *map, size_t size);
void arena_free(struct arena *arena);

__printf(1, 2) __noreturn void die(const char *format, ...);

#endif
