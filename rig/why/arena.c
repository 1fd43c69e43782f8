// SPDX-License-Identifier: GPL-2.0
/*
 * Arena - memory that is freed all at once
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "arena.h"

#define BLOCK_SIZE	65536

struct arena_block {
	struct arena_block *before;
	size_t used;
	size_t size;
	void *map;
	size_t map_size;
	max_align_t bytes[];
};

/**
 * die() - Print one line to stderr, and exit with status 2.
 * @format: what was expected, what was seen, and what to type next
 */
void die(const char *format, ...)
{
	va_list args;

	fputs("modproof: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

static struct arena_block *arena_block(struct arena *arena, size_t size)
{
	size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
	struct arena_block *block = calloc(1, sizeof(*block) + room);

	if (!block)
		die("there is no memory for %zu bytes: end other programs", size);
	block->size = room;
	block->before = arena->last;
	arena->last = block;
	return block;
}

/**
 * arena_alloc() - Allocate zeroed memory that arena_free() frees.
 * @arena: the arena
 * @size: bytes, at most half of the address space
 *
 * Return: memory that is aligned to 16 bytes.
 */
void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->last;
	void *memory;

	size = (size + 15) & ~(size_t)15;
	if (!block || block->size - block->used < size)
		block = arena_block(arena, size);
	memory = (char *)block->bytes + block->used;
	block->used += size;
	return memory;
}

/**
 * arena_copy() - Copy text into an arena, and end it with a NUL.
 * @arena: the arena
 * @text: the text, which need not end with a NUL
 * @length: bytes to copy
 *
 * Return: the copy.
 */
char *arena_copy(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	memcpy(copy, text, length);
	return copy;
}

/**
 * arena_print() - Format text into an arena.
 * @arena: the arena
 * @format: as for printf()
 *
 * Return: the text.
 */
char *arena_print(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;
	int length;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0)
		die("a text cannot be formatted: report this as a mistake of modproof");
	text = arena_alloc(arena, (size_t)length + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)length + 1, format, args);
	va_end(args);
	return text;
}

/**
 * arena_adopt() - Let an arena free a mapping.
 * @arena: the arena
 * @map: the mapping; see mmap(2)
 * @size: its size in bytes
 */
void arena_adopt(struct arena *arena, void *map, size_t size)
{
	struct arena_block *block = calloc(1, sizeof(*block));

	if (!block)
		die("there is no memory: end other programs");
	block->map = map;
	block->map_size = size;
	/* The newest block is the one that has room, so put this one below. */
	block->before = arena->last ? arena->last->before : NULL;
	if (arena->last)
		arena->last->before = block;
	else
		arena->last = block;
}

/**
 * arena_free() - Free all memory of an arena, which is empty afterwards.
 * @arena: the arena
 */
void arena_free(struct arena *arena)
{
	while (arena->last) {
		struct arena_block *before = arena->last->before;

		if (arena->last->map)
			munmap(arena->last->map, arena->last->map_size);
		free(arena->last);
		arena->last = before;
	}
}
