/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Buffer - bytes that may be hostile, and checked reads of them
 *
 * Every read names an offset and a size, and fails if they are not inside the
 * buffer.  Nothing here trusts the contents.
 */

#ifndef _WHY_BUFFER_H
#define _WHY_BUFFER_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "arena.h"

/**
 * struct buffer - bytes
 * @data: the first byte; may be NULL if @size is 0
 * @size: how many bytes there are
 */
struct buffer {
	const __u8 *data;
	size_t size;
};

/* What a file's contents are compressed with. */
enum packing { PACKING_NONE, PACKING_GZIP, PACKING_XZ, PACKING_ZSTD };

bool buffer_read(struct buffer buffer, __u64 offset, void *to, size_t size);
struct buffer buffer_part(struct buffer buffer, __u64 offset, __u64 size);
const char *buffer_string(struct buffer buffer, __u64 offset);
bool buffer_find(struct buffer buffer, const void *what, size_t size, size_t *at);

struct buffer buffer_load(struct arena *arena, const char *path);
enum packing buffer_packing(struct buffer buffer);
bool buffer_unpack(struct arena *arena, struct buffer from, size_t limit,
		   struct buffer *to);

#endif
