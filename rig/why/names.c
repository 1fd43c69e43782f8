// SPDX-License-Identifier: GPL-2.0
/*
 * Names - a table that finds what belongs to a name
 */

#include <linux/types.h>
#include <string.h>

#include "names.h"

#define FIRST_ROOM	64

/**
 * struct name_slot - one name
 * @name: the name; NULL if the slot is free
 * @value: what belongs to it
 */
struct name_slot {
	const char *name;
	const void *value;
};

/* FNV-1a, with the upper half mixed in. */
static size_t hash(const char *name)
{
	__u64 sum = 0xcbf29ce484222325;

	for (; *name; name++)
		sum = (sum ^ (unsigned char)*name) * 0x100000001b3;
	return (size_t)(sum ^ sum >> 32);
}

/* Return the slot of a name, or the free slot where it belongs. */
static struct name_slot *find_slot(const struct names *names, const char *name)
{
	size_t i = hash(name) & (names->room - 1);

	while (names->slots[i].name && strcmp(names->slots[i].name, name))
		i = (i + 1) & (names->room - 1);
	return &names->slots[i];
}

static void grow(struct arena *arena, struct names *names)
{
	struct names old = *names;
	size_t i;

	names->room = old.room ? 2 * old.room : FIRST_ROOM;
	names->slots = arena_alloc(arena, names->room * sizeof(names->slots[0]));
	for (i = 0; i < old.room; i++)
		if (old.slots[i].name)
			*find_slot(names, old.slots[i].name) = old.slots[i];
}

/**
 * names_find() - Find what belongs to a name.
 * @names: the table
 * @name: the name
 *
 * Return: what was added with the name, or NULL if it was not added.
 */
const void *names_find(const struct names *names, const char *name)
{
	return names->room ? find_slot(names, name)->value : NULL;
}

/**
 * names_add() - Add a name, if the table does not have it.
 * @arena: what the table is in
 * @names: the table
 * @name: the name, which lives as long as the table
 * @value: what belongs to it, not NULL
 *
 * Return: false if the table has the name, which is left as it is.
 */
bool names_add(struct arena *arena, struct names *names, const char *name,
	       const void *value)
{
	struct name_slot *slot;

	if (names->nr >= names->room / 2)
		grow(arena, names);
	slot = find_slot(names, name);
	if (slot->name)
		return false;
	slot->name = name;
	slot->value = value;
	names->nr++;
	return true;
}
