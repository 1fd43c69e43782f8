/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names - a table that finds what belongs to a name
 */

#ifndef _WHY_NAMES_H
#define _WHY_NAMES_H

#include <stdbool.h>

#include "arena.h"

struct name_slot;

/**
 * struct names - a hash table of names; all zero is an empty one
 * @nr: how many names it has
 * @room: entries in @slots, a power of two, or 0
 * @slots: the names, and what belongs to them
 */
struct names {
	size_t nr;
	size_t room;
	struct name_slot *slots;
};

const void *names_find(const struct names *names, const char *name);
bool names_add(struct arena *arena, struct names *names, const char *name,
	       const void *value);

#endif
