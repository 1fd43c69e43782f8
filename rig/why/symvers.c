// SPDX-License-Identifier: GPL-2.0
/*
 * Symvers - text files that say which symbols a kernel and its modules export
 *
 * A line of Module.symvers is CRC, symbol, module, kind and namespace, with a
 * tab between each two; Documentation/kbuild/modules.rst of Linux.
 */

#include <stdlib.h>
#include <string.h>

#include "symvers.h"

#define NR_FIELDS	5

/* A part of a line. */
struct field {
	const char *text;
	size_t length;
};

/* Split a line at tabs; return how many fields there are, at most NR_FIELDS. */
static unsigned int split(const char *line, const char *end,
			  struct field fields[NR_FIELDS])
{
	unsigned int nr = 0;

	while (nr < NR_FIELDS) {
		const char *tab = memchr(line, '\t', end - line);

		fields[nr].text = line;
		fields[nr++].length = (tab ? tab : end) - line;
		if (!tab)
			break;
		line = tab + 1;
	}
	return nr;
}

/* Read a number as "0x4c9d28b0". */
static bool read_crc(struct field field, __u32 *crc)
{
	char text[11] = {};
	char *end;

	if (field.length < 3 || field.length >= sizeof(text) ||
	    memcmp(field.text, "0x", 2))
		return false;
	memcpy(text, field.text, field.length);
	*crc = (__u32)strtoul(text, &end, 16);
	return !*end;
}

static bool begins(struct field field, const char *with)
{
	return field.length >= strlen(with) &&
		!memcmp(field.text, with, strlen(with));
}

/*
 * Return the offset of a string; that of the last one if it is the same, because
 * the lines of a module are often together.
 */
static __u32 same_or_new(struct draft *draft, struct field field, __u32 last)
{
	if (last && !strncmp(draft->strings + last, field.text, field.length) &&
	    !draft->strings[last + field.length])
		return last;
	return draft_string(draft, field.text, field.length);
}

/* The name of a module in its path: "net/netfilter/nf-nat" is "nf_nat". */
static __u32 owner_name(struct draft *draft, struct field field, __u32 last)
{
	const char *slash = memrchr(field.text, '/', field.length);
	char name[256];
	size_t i;

	if (slash) {
		field.length -= slash + 1 - field.text;
		field.text = slash + 1;
	}
	if (field.length > sizeof(name))
		field.length = sizeof(name);
	for (i = 0; i < field.length; i++)
		name[i] = field.text[i] == '-' ? '_' : field.text[i];
	field.text = name;
	return same_or_new(draft, field, last);
}

/* Read a line; return what it is about, KNOWS_EXPORTS or KNOWS_MODULE_EXPORTS. */
static unsigned int parse_line(struct draft *draft, const char *line,
			       const char *end, struct facts_entry *last)
{
	struct field fields[NR_FIELDS] = {};
	struct facts_entry entry = {};
	bool is_kernel;

	if (split(line, end, fields) < 4 || !fields[1].length ||
	    !read_crc(fields[0], &entry.crc) ||
	    !begins(fields[3], "EXPORT_SYMBOL"))
		return 0;
	is_kernel = fields[2].length == 7 && begins(fields[2], "vmlinux");
	if (memmem(fields[3].text, fields[3].length, "_GPL", 4))
		entry.flags |= ENTRY_IS_GPL;
	/* What the image tells is right, if the headers are of another kernel. */
	if (is_kernel && draft->knows & KNOWS_EXPORTS)
		return KNOWS_EXPORTS;
	entry.name = draft_string(draft, fields[1].text, fields[1].length);
	if (!is_kernel)
		entry.owner = owner_name(draft, fields[2], last->owner);
	if (fields[4].length)
		entry.space = same_or_new(draft, fields[4], last->space);
	draft_add(draft, FACTS_EXPORTS, &entry);
	if (entry.owner)
		last->owner = entry.owner;
	if (entry.space)
		last->space = entry.space;
	return is_kernel ? KNOWS_EXPORTS : KNOWS_MODULE_EXPORTS;
}

/* Without MODVERSIONS all CRCs of a file are 0; with it a few may be. */
static void mark_crcs(struct facts_entry *entries, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (entries[i].crc)
			break;
	if (i == nr)
		return;
	for (i = 0; i < nr; i++)
		entries[i].flags |= ENTRY_HAS_CRC;
}

/**
 * symvers_parse() - Read a file Module.symvers.
 * @file: its contents, which may be hostile
 * @draft: what the exports are added to
 *
 * Lines of another form are ignored.  If no line is about the kernel itself, it
 * is the file of some modules, and not all exports of the modules are known.
 */
void symvers_parse(struct buffer file, struct draft *draft)
{
	const char *line = (const char *)file.data;
	const char *end = line + file.size;
	size_t first = draft->nr_entries[FACTS_EXPORTS];
	unsigned int knows = 0;
	struct facts_entry last = {};

	while (line < end) {
		const char *stop = memchr(line, '\n', end - line);

		if (!stop)
			stop = end;
		if (!memchr(line, '\0', stop - line))
			knows |= parse_line(draft, line, stop, &last);
		line = stop + 1;
	}
	if (draft->nr_entries[FACTS_EXPORTS] > first)
		mark_crcs(draft->entries[FACTS_EXPORTS] + first,
			  draft->nr_entries[FACTS_EXPORTS] - first);
	if (knows & KNOWS_EXPORTS)
		draft->knows |= knows;
}

/**
 * symbols_parse() - Read a file modules.symbols of depmod.
 * @file: its contents, which may be hostile
 * @draft: what the exports are added to, each with its owner
 */
void symbols_parse(struct buffer file, struct draft *draft)
{
	static const char prefix[] = "alias symbol:";
	const char *line = (const char *)file.data;
	const char *end = line + file.size;
	__u32 owner = 0;

	while (line < end) {
		const char *stop = memchr(line, '\n', end - line);
		struct facts_entry entry = { .flags = ENTRY_IN_FILE };
		struct field field = { line, (stop ? stop : end) - line };
		const char *space;

		line = stop ? stop + 1 : end;
		if (!begins(field, prefix) ||
		    memchr(field.text, '\0', field.length))
			continue;
		field.text += sizeof(prefix) - 1;
		field.length -= sizeof(prefix) - 1;
		space = memchr(field.text, ' ', field.length);
		if (!space)
			continue;
		entry.name = draft_string(draft, field.text, space - field.text);
		field.length -= space + 1 - field.text;
		field.text = space + 1;
		owner = owner_name(draft, field, owner);
		entry.owner = owner;
		draft_add(draft, FACTS_EXPORTS, &entry);
	}
	draft->knows |= KNOWS_MODULE_EXPORTS;
}
