/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts - what is known about a kernel, as one block of bytes
 *
 * A draft collects the facts while files are read.  facts_finish() makes one
 * block of it that has offsets and no pointers: it is used as it is, written to
 * the cache, and mapped the next time.  A block may be hostile, because it may
 * come from a damaged file.
 */

#ifndef _WHY_FACTS_H
#define _WHY_FACTS_H

#include "buffer.h"

enum facts_table { FACTS_EXPORTS, FACTS_CONFIG, FACTS_BUILTINS, NR_FACTS };

/* Flags of an entry. */
#define ENTRY_HAS_CRC	0x01
#define ENTRY_IS_GPL	0x02
/* The owner is known from depmod's list, all else is in the owner's file. */
#define ENTRY_IN_FILE	0x04
/* A symbol of the configuration that is not set. */
#define ENTRY_IS_NOT	0x08
/* A built-in part that may or may not have a directory in /sys/module. */
#define ENTRY_IS_MAYBE	0x10

/* What is known completely; bits of struct facts. */
#define KNOWS_EXPORTS		0x01
#define KNOWS_MODULE_EXPORTS	0x02
#define KNOWS_CONFIG		0x04
#define KNOWS_BUILTINS		0x08
#define KNOWS_PARAMETERS	0x10

/**
 * struct facts_entry - one entry of a table, which is sorted by names
 * @name: the offset of its name in the strings
 * @owner: the offset of the module that exports it; 0 for none
 * @space: the offset of its namespace; 0 for none
 * @crc: its CRC, with ENTRY_HAS_CRC
 * @flags: ENTRY_*
 */
struct facts_entry {
	__u32 name;
	__u32 owner;
	__u32 space;
	__u32 crc;
	__u32 flags;
};

/**
 * struct facts - the begin of the block
 * @magic: facts_magic
 * @size: the size of the block
 * @sum: the sum of all that follows, which only a cache has
 * @key: the offset of a string that says which files the facts are from
 * @release: the offset of the release; 0 if unknown
 * @vermagic: the offset of the version magic; 0 if unknown
 * @version: LINUX(major, minor); 0 if unknown
 * @module_size: sizeof(struct module); 0 if unknown
 * @btf_names: how many bytes of names its .BTF has; 0 if unknown
 * @machine: EM_*; 0 if unknown
 * @knows: KNOWS_*
 * @entries: where each table begins in the block
 * @nr_entries: how many entries it has
 * @strings: where the strings begin; they end with the block
 */
struct facts {
	char magic[8];
	__u64 size;
	__u64 sum;
	__u32 key;
	__u32 release;
	__u32 vermagic;
	__u32 version;
	__u32 module_size;
	__u32 btf_names;
	__u32 machine;
	__u32 knows;
	__u32 entries[NR_FACTS];
	__u32 nr_entries[NR_FACTS];
	__u32 strings;
};

/**
 * struct draft - facts while they are collected
 * @arena: what all of it is in
 * @release: the release; NULL if unknown
 * @other_release: another release that a file said; NULL if there is none
 * @vermagic: the version magic; NULL if unknown
 * @version: LINUX(major, minor); 0 if unknown
 * @module_size: sizeof(struct module); 0 if unknown
 * @btf_names: how many bytes of names its .BTF has; 0 if unknown
 * @machine: EM_*; 0 if unknown
 * @knows: KNOWS_*
 * @strings: the strings
 * @nr_strings: how many bytes @strings has
 * @room: for how many bytes @strings has room
 * @entries: the entries of each table, in any order, with duplicates
 * @nr_entries: how many entries each table has
 * @entries_room: for how many entries there is room
 */
struct draft {
	struct arena arena;
	const char *release;
	const char *other_release;
	const char *vermagic;
	unsigned int version;
	unsigned int module_size;
	unsigned int btf_names;
	unsigned int machine;
	unsigned int knows;
	char *strings;
	size_t nr_strings;
	size_t room;
	struct facts_entry *entries[NR_FACTS];
	size_t nr_entries[NR_FACTS];
	size_t entries_room[NR_FACTS];
};

__u32 draft_string(struct draft *draft, const char *text, size_t length);
void draft_add(struct draft *draft, enum facts_table table,
	       const struct facts_entry *entry);
void draft_release(struct draft *draft, const char *text, size_t length);
void draft_vermagic(struct draft *draft, const char *text, size_t length);
struct buffer draft_finish(struct draft *draft, const char *key);
void draft_free(struct draft *draft);

bool facts_check(struct buffer block);
const char *facts_string(struct buffer block, __u32 offset);
bool facts_find(struct buffer block, enum facts_table table, const char *name,
		struct facts_entry *found);
unsigned int release_version(const char *release);

#endif
