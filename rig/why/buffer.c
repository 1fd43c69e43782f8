// SPDX-License-Identifier: GPL-2.0
/*
 * Buffer - bytes that may be hostile, and checked reads of them
 */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "unpack.h"

/**
 * buffer_read() - Copy bytes out of a buffer.
 * @buffer: the buffer
 * @offset: where to begin
 * @to: where to copy to
 * @size: how many bytes
 *
 * Return: false if these bytes are not inside the buffer.
 */
bool buffer_read(struct buffer buffer, __u64 offset, void *to, size_t size)
{
	if (offset > buffer.size || size > buffer.size - offset)
		return false;
	if (size)
		memcpy(to, buffer.data + offset, size);
	return true;
}

/**
 * buffer_part() - Return a part of a buffer.
 * @buffer: the buffer
 * @offset: where the part begins
 * @size: its size in bytes
 *
 * Return: the part; empty if it is not inside the buffer.
 */
struct buffer buffer_part(struct buffer buffer, __u64 offset, __u64 size)
{
	struct buffer part = {};

	if (buffer.data && offset <= buffer.size &&
	    size <= buffer.size - offset) {
		part.data = buffer.data + offset;
		part.size = size;
	}
	return part;
}

/**
 * buffer_string() - Return a string in a buffer.
 * @buffer: the buffer
 * @offset: where the string begins
 *
 * Return: the string, or NULL if no NUL ends it inside the buffer.
 */
const char *buffer_string(struct buffer buffer, __u64 offset)
{
	if (offset >= buffer.size ||
	    !memchr(buffer.data + offset, '\0', buffer.size - offset))
		return NULL;
	return (const char *)buffer.data + offset;
}

/**
 * buffer_find() - Find the first occurrence of some bytes.
 * @buffer: the buffer
 * @what: the bytes
 * @size: how many bytes, at least 1
 * @at: set to the offset of the occurrence
 *
 * Return: false if there is none.
 */
bool buffer_find(struct buffer buffer, const void *what, size_t size, size_t *at)
{
	const __u8 *found;

	if (!buffer.size)
		return false;
	found = memmem(buffer.data, buffer.size, what, size);
	if (found)
		*at = found - buffer.data;
	return found;
}

/**
 * buffer_load() - Read a whole file.
 * @arena: what the contents are allocated in
 * @path: the file
 *
 * Return: the contents; if @data of it is NULL, errno says why there are none.
 */
struct buffer buffer_load(struct arena *arena, const char *path)
{
	struct buffer buffer = {};
	struct stat stat;
	size_t size = 0;
	__u8 *data;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return buffer;
	if (fstat(fd, &stat) < 0 || !S_ISREG(stat.st_mode)) {
		close(fd);
		errno = S_ISDIR(stat.st_mode) ? EISDIR : EINVAL;
		return buffer;
	}
	/* One byte more, so that data is never NULL and ends with a NUL. */
	data = arena_alloc(arena, (size_t)stat.st_size + 1);
	while (size < (size_t)stat.st_size) {
		ssize_t got = read(fd, data + size, (size_t)stat.st_size - size);

		if (got < 0) {
			close(fd);
			return buffer;
		}
		if (!got)
			break;
		size += (size_t)got;
	}
	close(fd);
	buffer.data = data;
	buffer.size = size;
	return buffer;
}

/**
 * buffer_packing() - Find out what a buffer is compressed with.
 * @buffer: the buffer
 *
 * Return: the kind, by the magic number that the buffer begins with.
 */
enum packing buffer_packing(struct buffer buffer)
{
	static const struct {
		enum packing packing;
		size_t size;
		char magic[7];
	} kinds[] = {
		{ PACKING_GZIP, 2, "\x1f\x8b" },
		{ PACKING_XZ, 6, "\xfd\67zXZ\0" },
		{ PACKING_ZSTD, 4, "\x28\xb5\x2f\xfd" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (buffer.size >= kinds[i].size &&
		    !memcmp(buffer.data, kinds[i].magic, kinds[i].size))
			return kinds[i].packing;
	return PACKING_NONE;
}

/**
 * buffer_unpack() - Decompress a buffer.
 * @arena: what the result is allocated in
 * @from: the buffer, which begins with the magic number of its kind; what
 *	comes after the compressed data is ignored
 * @limit: the most bytes that the result may have
 * @to: set to the result
 *
 * Return: false if the data is damaged, longer than @limit or not compressed.
 */
bool buffer_unpack(struct arena *arena, struct buffer from, size_t limit,
		   struct buffer *to)
{
	size_t size;
	void *map;

	/* One byte more, for a NUL.  Most of it is never touched. */
	map = mmap(NULL, limit + 1, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (map == MAP_FAILED)
		die("there is no memory to decompress a module: end other programs");
	if (!unpack(from, map, limit, false, &size)) {
		munmap(map, limit + 1);
		return false;
	}
	/* A mapping that is made smaller stays where it is. */
	mremap(map, limit + 1, size + 1, 0);
	arena_adopt(arena, map, size + 1);
	to->data = map;
	to->size = size;
	return true;
}
