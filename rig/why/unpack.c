// SPDX-License-Identifier: GPL-2.0
/*
 * Unpack - decompress gzip, xz or zstd
 */

/* For ZSTD_d_stableOutBuffer: zstd needs no copy of the last 128 MiB then. */
#define ZSTD_STATIC_LINKING_ONLY

#include <lzma.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "unpack.h"

/* The most memory that the decompressor of xz may use. */
#define MEMORY_LIMIT		536870912

/* How much is decompressed before the mapping is emptied. */
#define STEP			4194304

/**
 * struct target - where the decompressed bytes go
 * @to: the mapping
 * @limit: its size in bytes
 * @is_large: whether much will be decompressed, so that it takes less time to make
 *	the pages ready at once than one by one
 * @is_file: whether its pages may be taken out, because a file keeps them
 */
struct target {
	__u8 *to;
	size_t limit;
	bool is_large;
	bool is_file;
};

/* Return how many bytes may be written until the next step. */
static size_t step_room(const struct target *target, size_t done)
{
	size_t room = target->limit - done;

	if (!target->is_file)
		return room;
	if (room > STEP)
		room = STEP;
	done &= ~((size_t)sysconf(_SC_PAGESIZE) - 1);
	if (target->is_large)
		madvise(target->to + done, room, MADV_POPULATE_WRITE);
	return room;
}

/* Take pages out of the mapping; the file keeps their contents. */
static void forget(const struct target *target, size_t from, size_t to)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (!target->is_file)
		return;
	from &= ~(page - 1);
	to &= ~(page - 1);
	if (to > from)
		madvise(target->to + from, to - from, MADV_DONTNEED);
}

static bool unpack_gzip(struct buffer from, const struct target *target, size_t *size)
{
	z_stream stream = { .next_in = (__u8 *)from.data };
	int result = Z_OK;
	size_t done = 0;

	stream.avail_in = (unsigned int)from.size;
	if (from.size > ~0U || inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK)
		return false;
	while (result == Z_OK && done < target->limit) {
		stream.next_out = target->to + done;
		stream.avail_out = (unsigned int)step_room(target, done);
		result = inflate(&stream, Z_NO_FLUSH);
		forget(target, done, stream.next_out - target->to);
		done = stream.next_out - target->to;
	}
	inflateEnd(&stream);
	*size = done;
	return result == Z_STREAM_END;
}

static bool unpack_xz(struct buffer from, const struct target *target, size_t *size)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	lzma_ret result = LZMA_OK;
	size_t done = 0;

	if (lzma_stream_decoder(&stream, MEMORY_LIMIT, 0) != LZMA_OK)
		return false;
	stream.next_in = from.data;
	stream.avail_in = from.size;
	while (result == LZMA_OK && done < target->limit) {
		stream.next_out = target->to + done;
		stream.avail_out = step_room(target, done);
		result = lzma_code(&stream, LZMA_FINISH);
		forget(target, done, stream.next_out - target->to);
		done = stream.next_out - target->to;
	}
	lzma_end(&stream);
	*size = done;
	return result == LZMA_STREAM_END;
}

static bool unpack_zstd(struct buffer from, const struct target *target, size_t *size)
{
	ZSTD_outBuffer out = { .dst = target->to, .size = target->limit };
	ZSTD_inBuffer in = { .src = from.data };
	ZSTD_DCtx *context = ZSTD_createDCtx();
	size_t result = 1;
	size_t done = 0;

	if (!context)
		return false;
	ZSTD_DCtx_setParameter(context, ZSTD_d_stableOutBuffer, 1);
	step_room(target, 0);
	while (in.pos < from.size && result && !ZSTD_isError(result)) {
		in.size = from.size - in.pos < 65536 ? from.size : in.pos + 65536;
		result = ZSTD_decompressStream(context, &out, &in);
		if (out.pos - done >= STEP) {
			forget(target, 0, out.pos);
			done = out.pos;
			step_room(target, done);
		}
	}
	ZSTD_freeDCtx(context);
	*size = out.pos;
	return !result;
}

/**
 * unpack() - Decompress a buffer into a mapping.
 * @from: the buffer; what comes after the compressed data is ignored
 * @to: the mapping
 * @limit: its size in bytes
 * @is_file: whether the mapping is one of a file; if so, only a few MiB of it are
 *	in memory at a time
 * @size: set to how many bytes were written
 *
 * Return: false if the data is damaged, too long or not compressed.
 */
bool unpack(struct buffer from, void *to, size_t limit, bool is_file, size_t *size)
{
	struct target target = {
		.to = to,
		.limit = limit,
		.is_large = from.size > STEP / 8,
		.is_file = is_file,
	};
	bool done = false;

	*size = 0;
	switch (buffer_packing(from)) {
	case PACKING_GZIP:
		done = unpack_gzip(from, &target, size);
		break;
	case PACKING_XZ:
		done = unpack_xz(from, &target, size);
		break;
	case PACKING_ZSTD:
		done = unpack_zstd(from, &target, size);
		break;
	case PACKING_NONE:
		break;
	}
	forget(&target, 0, *size);
	return done;
}
