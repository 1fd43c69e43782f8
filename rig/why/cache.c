// SPDX-License-Identifier: GPL-2.0
/*
 * Cache - files with the facts of kernels, so that they are read only once
 *
 * A file is the block of facts.c.  Whatever is wrong with the cache, the program
 * works without it.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cache.h"
#include "facts.h"

#define PATH_SIZE	4096

#define PRIME	0x9e3779b97f4a7c15ULL

/* Sum up in four lanes, for speed: not against malice, but against damage. */
static __u64 sum_bytes(const __u8 *data, size_t size)
{
	__u64 sums[4] = { size, 1, 2, 3 };
	__u64 words[4];
	size_t i;

	for (i = 0; i + sizeof(words) <= size; i += sizeof(words)) {
		memcpy(words, data + i, sizeof(words));
		sums[0] = (sums[0] ^ words[0]) * PRIME;
		sums[1] = (sums[1] ^ words[1]) * PRIME;
		sums[2] = (sums[2] ^ words[2]) * PRIME;
		sums[3] = (sums[3] ^ words[3]) * PRIME;
	}
	for (; i < size; i++)
		sums[0] = (sums[0] ^ data[i]) * PRIME;
	for (i = 1; i < 4; i++)
		sums[0] = (sums[0] ^ sums[0] >> 32 ^ sums[i]) * PRIME;
	return sums[0];
}

/* Return the sum of what follows the member sum. */
static __u64 block_sum(struct buffer block)
{
	size_t offset = offsetof(struct facts, key);

	return sum_bytes(block.data + offset, block.size - offset);
}

/* Print the path of the directory; return false if there is none. */
static bool directory(char path[PATH_SIZE])
{
	const char *own = getenv("MODPROOF_CACHE");
	const char *cache = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");
	int length;

	if (own && *own)
		length = snprintf(path, PATH_SIZE, "%s/why", own);
	else if (cache && *cache == '/')
		length = snprintf(path, PATH_SIZE, "%s/modproof/why", cache);
	else if (home && *home)
		length = snprintf(path, PATH_SIZE, "%s/.cache/modproof/why", home);
	else
		return false;
	return length > 0 && length < PATH_SIZE - 64;
}

/* Append the name of the file for the facts of that name. */
static void append_name(char path[PATH_SIZE], const char *name)
{
	size_t length = strlen(path);

	snprintf(path + length, PATH_SIZE - length, "/%016llx",
		 (unsigned long long)sum_bytes((const __u8 *)name, strlen(name)));
}

/* Make a directory and those above it. */
static void make_directories(const char *path)
{
	char part[PATH_SIZE];
	size_t i;

	for (i = 1; path[i]; i++) {
		if (path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		mkdir(part, 0777);
	}
	mkdir(path, 0700);
}

/**
 * cache_parse() - Find out whether a file of the cache can be used.
 * @file: its contents, which may be hostile
 * @key: which files the facts must be from
 *
 * Return: true if it can.
 */
bool cache_parse(struct buffer file, const char *key)
{
	struct facts facts;
	const char *its;

	if (!facts_check(file) || !buffer_read(file, 0, &facts, sizeof(facts)))
		return false;
	its = facts_string(file, facts.key);
	return its && !strcmp(its, key);
}

/* Map a file; its pages are read when they are used. */
static bool map_file(const char *path, struct buffer *block)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	void *map = MAP_FAILED;
	struct stat stat;

	if (fd < 0)
		return false;
	if (!fstat(fd, &stat) && S_ISREG(stat.st_mode) && stat.st_size > 0)
		map = mmap(NULL, (size_t)stat.st_size, PROT_READ,
			   MAP_PRIVATE | MAP_POPULATE, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return false;
	block->data = map;
	block->size = (size_t)stat.st_size;
	return true;
}

/**
 * cache_load() - Map the facts that are from some files.
 * @name: the paths of the files
 * @key: the same with sizes and times
 * @block: set to the facts, which cache_unload() frees
 *
 * Return: false if the cache does not have them.
 */
bool cache_load(const char *name, const char *key, struct buffer *block)
{
	char path[PATH_SIZE];
	struct facts facts;

	if (!directory(path))
		return false;
	append_name(path, name);
	if (!map_file(path, block))
		return false;
	if (cache_parse(*block, key) &&
	    buffer_read(*block, 0, &facts, sizeof(facts)) &&
	    facts.sum == block_sum(*block))
		return true;
	cache_unload(*block);
	*block = (struct buffer){};
	return false;
}

/**
 * cache_unload() - Free what cache_load() mapped.
 * @block: the facts
 */
void cache_unload(struct buffer block)
{
	if (block.data)
		munmap((void *)block.data, block.size);
}

static bool write_all(int fd, const void *data, size_t size)
{
	const char *from = data;

	while (size) {
		ssize_t done = write(fd, from, size);

		if (done <= 0)
			return false;
		from += done;
		size -= (size_t)done;
	}
	return true;
}

/**
 * cache_store() - Write facts to the cache, if it can be written.
 * @name: the paths of the files that they are from
 * @block: the facts
 */
void cache_store(const char *name, struct buffer block)
{
	char temporary[PATH_SIZE];
	char path[PATH_SIZE];
	struct facts facts;
	bool done;
	int fd;

	if (!directory(path) ||
	    !buffer_read(block, 0, &facts, sizeof(facts)))
		return;
	make_directories(path);
	memcpy(temporary, path, sizeof(path));
	strncat(temporary, "/new.XXXXXX", 16);
	append_name(path, name);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return;
	facts.sum = block_sum(block);
	done = write_all(fd, &facts, sizeof(facts)) &&
		write_all(fd, block.data + sizeof(facts),
			  block.size - sizeof(facts));
	if (close(fd) < 0 || !done || rename(temporary, path) < 0)
		unlink(temporary);
}
