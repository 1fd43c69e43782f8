// SPDX-License-Identifier: GPL-2.0
/*
 * Facts - what is known about a kernel, as one block of bytes
 */

#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "kernel.h"

/* It changes whenever the form of the block or what is in it changes. */
static const char facts_magic[8] = "whyfact3";

/* More than this is not read from a kernel's files. */
#define STRINGS_LIMIT	(256UL << 20)
#define ENTRIES_LIMIT	(4UL << 20)

/* Return a copy of an array with room for twice as many bytes. */
static void *grow(struct draft *draft, const void *from, size_t used, size_t room)
{
	void *to = arena_alloc(&draft->arena, room);

	if (used)
		memcpy(to, from, used);
	return to;
}

/**
 * draft_string() - Put a string into a draft.
 * @draft: the draft
 * @text: the string, which need not end with a NUL, and has none inside
 * @length: its length
 *
 * Return: its offset in the strings; 0 if the draft is full.
 */
__u32 draft_string(struct draft *draft, const char *text, size_t length)
{
	size_t at = draft->nr_strings ? draft->nr_strings : 1;

	if (length >= STRINGS_LIMIT || at > STRINGS_LIMIT - length - 1)
		return 0;
	if (at + length + 1 > draft->room) {
		draft->room = 2 * (at + length + 1) + 65536;
		draft->strings = grow(draft, draft->strings, draft->nr_strings,
				      draft->room);
	}
	memcpy(draft->strings + at, text, length);
	draft->strings[at + length] = '\0';
	draft->nr_strings = at + length + 1;
	return (__u32)at;
}

/**
 * draft_add() - Add an entry to a table of a draft.
 * @draft: the draft
 * @table: which table
 * @entry: the entry, whose strings are in the draft; ignored without a name
 */
void draft_add(struct draft *draft, enum facts_table table,
	       const struct facts_entry *entry)
{
	size_t nr = draft->nr_entries[table];

	if (!entry->name || nr >= ENTRIES_LIMIT)
		return;
	if (nr == draft->entries_room[table]) {
		draft->entries_room[table] = 2 * nr + 4096;
		draft->entries[table] =
			grow(draft, draft->entries[table], nr * sizeof(*entry),
			     draft->entries_room[table] * sizeof(*entry));
	}
	draft->entries[table][nr] = *entry;
	draft->nr_entries[table]++;
}

/**
 * draft_release() - Note the release of the kernel.
 * @draft: the draft; if it has another release, this one becomes @other_release
 * @text: the release, which need not end with a NUL
 * @length: its length
 */
void draft_release(struct draft *draft, const char *text, size_t length)
{
	if (!length)
		return;
	if (!draft->release) {
		draft->release = arena_copy(&draft->arena, text, length);
		draft->version = release_version(draft->release);
	} else if (strlen(draft->release) != length ||
		   memcmp(draft->release, text, length)) {
		draft->other_release = arena_copy(&draft->arena, text, length);
	}
}

/**
 * draft_vermagic() - Note the version magic, and the release in it.
 * @draft: the draft; if it has a version magic, this one is ignored
 * @text: the version magic, which need not end with a NUL
 * @length: its length
 */
void draft_vermagic(struct draft *draft, const char *text, size_t length)
{
	const char *end = memchr(text, ' ', length);

	draft_release(draft, text, end ? (size_t)(end - text) : length);
	if (!draft->vermagic)
		draft->vermagic = arena_copy(&draft->arena, text, length);
}

/*
 * Compare by name; then what the kernel exports itself is before what its
 * modules export, what is known well before what is not, and what was added
 * early before what was added late.
 */
static int compare_entries(const void *one, const void *other, void *strings)
{
	const struct facts_entry *a = one;
	const struct facts_entry *b = other;
	const char *text = strings;
	int result = strcmp(text + a->name, text + b->name);

	if (result)
		return result;
	if (!a->owner != !b->owner)
		return a->owner ? 1 : -1;
	if ((a->flags ^ b->flags) & (ENTRY_IN_FILE | ENTRY_IS_MAYBE))
		return a->flags & (ENTRY_IN_FILE | ENTRY_IS_MAYBE) ? 1 : -1;
	if ((a->flags ^ b->flags) & ENTRY_HAS_CRC)
		return a->flags & ENTRY_HAS_CRC ? -1 : 1;
	if (a->name == b->name)
		return 0;
	return a->name < b->name ? -1 : 1;
}

/* Sort a table, and leave one entry of each name. */
static void sort_table(struct draft *draft, enum facts_table table)
{
	struct facts_entry *entries = draft->entries[table];
	size_t nr = 0;
	size_t i;

	if (!draft->nr_entries[table])
		return;
	qsort_r(entries, draft->nr_entries[table], sizeof(entries[0]),
		compare_entries, draft->strings);
	for (i = 0; i < draft->nr_entries[table]; i++)
		if (!nr || strcmp(draft->strings + entries[i].name,
				  draft->strings + entries[nr - 1].name))
			entries[nr++] = entries[i];
	draft->nr_entries[table] = nr;
}

static __u32 text_offset(struct draft *draft, const char *text)
{
	return text ? draft_string(draft, text, strlen(text)) : 0;
}

/**
 * draft_finish() - Make a block of a draft.
 * @draft: the draft, in whose arena the block is
 * @key: which files the facts are from
 *
 * Return: the block.
 */
struct buffer draft_finish(struct draft *draft, const char *key)
{
	struct facts facts = {
		.version = draft->version,
		.module_size = draft->module_size,
		.btf_names = draft->btf_names,
		.machine = draft->machine,
		.knows = draft->knows,
		.key = text_offset(draft, key),
		.release = text_offset(draft, draft->release),
		.vermagic = text_offset(draft, draft->vermagic),
	};
	size_t size = sizeof(facts);
	__u8 *data;
	int i;

	memcpy(facts.magic, facts_magic, sizeof(facts_magic));
	for (i = 0; i < NR_FACTS; i++) {
		sort_table(draft, i);
		facts.entries[i] = (__u32)size;
		facts.nr_entries[i] = (__u32)draft->nr_entries[i];
		size += draft->nr_entries[i] * sizeof(struct facts_entry);
	}
	facts.strings = (__u32)size;
	facts.size = size + draft->nr_strings;
	data = arena_alloc(&draft->arena, facts.size);
	memcpy(data, &facts, sizeof(facts));
	for (i = 0; i < NR_FACTS; i++)
		if (facts.nr_entries[i])
			memcpy(data + facts.entries[i], draft->entries[i],
			       facts.nr_entries[i] * sizeof(struct facts_entry));
	memcpy(data + facts.strings, draft->strings, draft->nr_strings);
	return (struct buffer){ data, facts.size };
}

/**
 * draft_free() - Free all memory of a draft, which is empty afterwards.
 * @draft: the draft
 */
void draft_free(struct draft *draft)
{
	struct arena arena = draft->arena;

	*draft = (struct draft){};
	arena_free(&arena);
}

/**
 * facts_check() - Find out whether a block can be used.
 * @block: the block, which may be hostile
 *
 * Return: true if each table and the strings are inside the block, and the last
 * string ends with a NUL.
 */
bool facts_check(struct buffer block)
{
	struct facts facts;
	int i;

	if (!buffer_read(block, 0, &facts, sizeof(facts)) ||
	    memcmp(facts.magic, facts_magic, sizeof(facts_magic)) ||
	    facts.size != block.size || facts.strings >= block.size ||
	    block.data[block.size - 1] || block.data[facts.strings])
		return false;
	for (i = 0; i < NR_FACTS; i++)
		if (facts.nr_entries[i] &&
		    !buffer_part(block, facts.entries[i],
				 (__u64)facts.nr_entries[i] *
				 sizeof(struct facts_entry)).size)
			return false;
	return true;
}

/**
 * facts_string() - Return a string of a block.
 * @block: the block, for which facts_check() returned true
 * @offset: the offset of the string in the strings
 *
 * Return: the string; NULL if @offset is 0 or outside the block.
 */
const char *facts_string(struct buffer block, __u32 offset)
{
	struct facts facts;

	if (!offset || !buffer_read(block, 0, &facts, sizeof(facts)) ||
	    offset >= block.size - facts.strings)
		return NULL;
	return (const char *)block.data + facts.strings + offset;
}

/**
 * facts_find() - Find an entry of a table by its name.
 * @block: the block, for which facts_check() returned true
 * @table: the table
 * @name: the name
 * @found: set to the entry
 *
 * Return: false if there is none.
 */
bool facts_find(struct buffer block, enum facts_table table, const char *name,
		struct facts_entry *found)
{
	struct facts facts;
	size_t low = 0;
	size_t high;

	if (!buffer_read(block, 0, &facts, sizeof(facts)))
		return false;
	high = facts.nr_entries[table];
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *other;
		int order;

		if (!buffer_read(block, facts.entries[table] +
				 (__u64)middle * sizeof(*found), found,
				 sizeof(*found)))
			return false;
		other = facts_string(block, found->name);
		order = other ? strcmp(name, other) : -1;
		if (!order)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

/**
 * release_version() - Return the version of Linux that a release begins with.
 * @release: the release, as "6.12.117+deb12-amd64"
 *
 * Return: LINUX(6, 12); 0 if the release does not begin with such numbers.
 */
unsigned int release_version(const char *release)
{
	unsigned long major;
	unsigned long minor;
	char *end;

	if (release[0] < '0' || release[0] > '9')
		return 0;
	major = strtoul(release, &end, 10);
	if (*end != '.' || end[1] < '0' || end[1] > '9')
		return 0;
	minor = strtoul(end + 1, &end, 10);
	if (major > 255 || minor > 255)
		return 0;
	return LINUX((unsigned int)major, (unsigned int)minor);
}
