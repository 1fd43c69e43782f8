/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Source - the files that a kernel's facts are in
 */

#ifndef _WHY_SOURCE_H
#define _WHY_SOURCE_H

#include <stdbool.h>

#include "arena.h"

/* What a file is.  This is also the order in which they are read. */
enum source_kind {
	SOURCE_MODULES,		/* modules.dep or modules.order: the list of them */
	SOURCE_UTSRELEASE,	/* include/generated/utsrelease.h */
	SOURCE_RELEASE,		/* the release alone, which Debian has another of */
	SOURCE_CONFIG,
	SOURCE_SEED,		/* include/generated/randstruct_hash.h */
	SOURCE_SYMVERS,
	SOURCE_SYMBOLS,		/* modules.symbols */
	SOURCE_BUILTIN,		/* modules.builtin.modinfo */
	SOURCE_BTF,		/* the types alone */
	SOURCE_IMAGE,
	NR_SOURCE_KINDS
};

/**
 * struct source - a file
 * @kind: what it is
 * @path: its path
 * @is_named: whether the user named it
 */
struct source {
	enum source_kind kind;
	const char *path;
	bool is_named;
};

#define NR_SOURCES	64

/**
 * struct sources - the files of a kernel
 * @arena: what the strings are in
 * @nr: how many entries @files has
 * @files: the files, the better ones of each kind first
 * @modules: the directory with the modules; NULL if there is none
 * @headers: the directory with the headers; NULL if there is none
 * @release: the release, if the user named the kernel by it
 * @is_running: whether it is the kernel that runs now
 * @name: paths of all files, which say what the file in the cache is called
 * @key: paths, sizes and times of all files, which say whether it is current
 */
struct sources {
	struct arena *arena;
	unsigned int nr;
	struct source files[NR_SOURCES];
	const char *modules;
	const char *headers;
	const char *release;
	bool is_running;
	const char *name;
	const char *key;
};

bool is_directory(const char *path);
const char *file_in(struct sources *sources, const char *in, const char *name);
bool is_headers(struct sources *sources, const char *path);
bool is_modules(struct sources *sources, const char *path);
bool is_kernel(struct sources *sources, const char *path);

void sources_add(struct sources *sources, enum source_kind kind, const char *path);
void sources_add_headers(struct sources *sources, const char *path);
void sources_add_modules(struct sources *sources, const char *path);
void sources_add_kernel(struct sources *sources, const char *path);
void sources_add_release(struct sources *sources, const char *root,
			 const char *release);

/* naming.c */
void sources_find(struct sources *sources, const char *named);

#endif
