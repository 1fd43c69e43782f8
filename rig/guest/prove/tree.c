// SPDX-License-Identifier: GPL-2.0
/*
 * Tree - compare the files below /dev, /proc and /sys with those of before
 *
 * A walk reads directories and nothing else: under emulation a system call for
 * each file would take most of the time.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tree.h"

#define BUCKETS		32768
#define BUFFER		8192
#define SLAB		"/sys/kernel/slab/"

/* What a system call reads from a directory. */
union entries_read {
	struct dirent64 first;
	char bytes[BUFFER];
};

/* A directory to walk, and the path that its files have. */
struct root {
	const char *open;
	const char *path;
};

/* /proc/net is a link to a directory of this process. */
static const struct root roots[] = {
	{ "/dev", "/dev" },
	{ "/proc", "/proc" },
	{ "/proc/net/.", "/proc/net" },
	{ "/sys", "/sys" },
};

/*
 * Directories whose files are other file systems' or processes', or, in the case
 * of gcov, stay by design.
 */
static const char * const closed[] = {
	"/dev/hugepages",
	"/dev/mqueue",
	"/dev/pts",
	"/dev/shm",
	"/sys/fs/bpf",
	"/sys/fs/cgroup",
	"/sys/kernel/debug/gcov",
	"/sys/kernel/debug/tracing",
	"/sys/kernel/tracing",
};

static struct entry *table[BUCKETS];
static struct entries remembered;
static unsigned int current_round;
static char path[PATH_MAX];

/* Return true if the path is not compared. */
static bool is_ignored(unsigned char type)
{
	/* Processes. */
	if (!strncmp(path, "/proc/", 6) && isdigit(path[6]))
		return true;
	/* The kernel keeps the link to a merged cache after the cache is destroyed. */
	return type == DT_LNK && !strncmp(path, SLAB, strlen(SLAB));
}

/*
 * Return true if the directory is not entered.  The files of a cache are always
 * the same.
 */
static bool is_closed(void)
{
	size_t i;

	if (!strncmp(path, SLAB, strlen(SLAB)))
		return true;
	for (i = 0; i < sizeof(closed) / sizeof(*closed); i++)
		if (!strcmp(path, closed[i]))
			return true;
	return false;
}

static struct entry *create(unsigned char type, unsigned int hash, size_t length)
{
	struct entry *entry = malloc(sizeof(*entry) + length + 1);

	entry->type = type;
	entry->hash = hash;
	entry->round = current_round;
	memcpy(entry->path, path, length + 1);
	return entry;
}

/* Add an entry to a list. */
void entries_add(struct entries *entries, struct entry *entry)
{
	if (!(entries->count & (entries->count + 1)))
		entries->list = realloc(entries->list, 2 * (entries->count + 1) *
					sizeof(*entries->list));
	entries->list[entries->count++] = entry;
}

/* Look the path up, or add it to @added, or to the table if that is NULL. */
static void meet(unsigned char type, unsigned int hash, size_t length,
		 struct entries *added)
{
	struct entry **bucket = &table[hash % BUCKETS];
	struct entry *entry;

	if (added) {
		for (entry = *bucket; entry; entry = entry->next) {
			if (entry->hash == hash && !strcmp(entry->path, path)) {
				entry->round = current_round;
				return;
			}
		}
		entries_add(added, create(type, hash, length));
		return;
	}
	entry = create(type, hash, length);
	entry->next = *bucket;
	*bucket = entry;
	entries_add(&remembered, entry);
}

/* Add a name to the path and its hash (FNV-1a); return the length, or 0. */
static size_t extend(size_t length, const char *name, unsigned int *hash)
{
	if (length + strlen(name) + 2 > sizeof(path))
		return 0;
	path[length++] = '/';
	*hash = (*hash ^ '/') * 16777619U;
	while (*name) {
		path[length++] = *name;
		*hash = (*hash ^ (unsigned char)*name++) * 16777619U;
	}
	path[length] = '\0';
	return length;
}

/* Meet all that is below a directory, whose path has this length and hash. */
static void walk(int parent, const char *name, size_t length, unsigned int hash,
		 struct entries *added)
{
	const int dir = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
			       O_CLOEXEC);
	const struct dirent64 *entry;
	union entries_read buffer;
	ssize_t size, at;

	if (dir < 0)
		return;
	while ((size = getdents64(dir, &buffer, sizeof(buffer))) > 0) {
		for (at = 0; at < size; at += entry->d_reclen) {
			unsigned int below = hash;
			size_t end;

			entry = (const void *)(buffer.bytes + at);
			if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
				continue;
			end = extend(length, entry->d_name, &below);
			if (!end || is_ignored(entry->d_type))
				continue;
			meet(entry->d_type, below, end, added);
			if (entry->d_type == DT_DIR && !is_closed())
				walk(dir, entry->d_name, end, below, added);
		}
	}
	close(dir);
}

static void walk_all(struct entries *added)
{
	size_t i;

	current_round++;
	for (i = 0; i < sizeof(roots) / sizeof(*roots); i++) {
		unsigned int hash = 2166136261U;
		const size_t length = extend(0, roots[i].path + 1, &hash);

		walk(AT_FDCWD, roots[i].open, length, hash, added);
	}
}

/* Remember all files, for tree_compare(). */
void tree_remember(void)
{
	walk_all(NULL);
}

/* List the files that are new since tree_remember(), and those removed. */
void tree_compare(struct entries *added, struct entries *removed)
{
	size_t i;

	*added = (struct entries){ };
	*removed = (struct entries){ };
	walk_all(added);
	for (i = 0; i < remembered.count; i++)
		if (remembered.list[i]->round != current_round)
			entries_add(removed, remembered.list[i]);
}
