// SPDX-License-Identifier: GPL-2.0
/*
 * Payload - the kernel in an image, which is compressed in most of them
 *
 * It is decompressed to a mapping of a file without a name, and what has been
 * written is taken out of the mapping again, so that only little of it is in
 * the memory of this program at a time.
 */

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "payload.h"
#include "unpack.h"

/* The most that a kernel may have after decompression. */
#define UNPACKED_LIMIT		(512UL << 20)

/* Where the boot protocol of x86 has its fields; arch/x86/boot.rst. */
#define SETUP_SECTS		0x1f1
#define SETUP_MAGIC		0x202
#define SETUP_VERSION		0x206
#define PAYLOAD_OFFSET		0x248
#define PAYLOAD_LENGTH		0x24c

/* Map a file without a name that has no pages yet. */
static void *map_file(void)
{
	int fd = memfd_create("kernel", MFD_CLOEXEC);
	void *map = MAP_FAILED;

	if (fd >= 0 && !ftruncate(fd, UNPACKED_LIMIT))
		map = mmap(NULL, UNPACKED_LIMIT, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_NORESERVE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (map == MAP_FAILED)
		die("there is no memory for the image of a kernel: end other programs");
	return map;
}

/* Decompress what begins with a magic number. */
static bool unpack_from(struct payload *payload, struct buffer from)
{
	size_t size;

	if (buffer_packing(from) == PACKING_NONE)
		return false;
	payload->map = map_file();
	payload->map_size = UNPACKED_LIMIT;
	if (!unpack(from, payload->map, UNPACKED_LIMIT, true, &size)) {
		payload_close(payload);
		return false;
	}
	payload->contents = (struct buffer){ payload->map, size };
	return true;
}

/*
 * Find what the header of an image of x86 says is its payload.  Return false if
 * it is not inside the image.
 */
static bool setup_payload(struct buffer image, struct buffer *payload)
{
	__u32 offset = 0;
	__u32 length = 0;
	__u16 version = 0;
	__u8 sectors = 0;
	char magic[4];

	if (!buffer_read(image, SETUP_MAGIC, magic, sizeof(magic)) ||
	    memcmp(magic, "HdrS", sizeof(magic)) ||
	    !buffer_read(image, SETUP_VERSION, &version, sizeof(version)) ||
	    version < 0x208)
		return true;
	buffer_read(image, SETUP_SECTS, &sectors, sizeof(sectors));
	buffer_read(image, PAYLOAD_OFFSET, &offset, sizeof(offset));
	buffer_read(image, PAYLOAD_LENGTH, &length, sizeof(length));
	*payload = buffer_part(image, ((sectors ? sectors : 4) + 1) * 512ULL +
			       offset, length);
	return payload->size || !length;
}

/* Return what the header of an image for EFI says is its payload. */
static struct buffer zboot_payload(struct buffer image)
{
	__u32 place[2];
	char magic[8];

	if (!buffer_read(image, 0, magic, sizeof(magic)) ||
	    memcmp(magic, "MZ\0\0zimg", sizeof(magic)) ||
	    !buffer_read(image, 8, place, sizeof(place)))
		return (struct buffer){};
	return buffer_part(image, place[0], place[1]);
}

#define UNSUPPORTED(kind) \
	"is compressed with " kind ", not with gzip, xz or zstd: " \
	"unpack it with scripts/extract-vmlinux of Linux, and name the result"

static const char damaged[] =
	"is damaged, its compressed part cannot be unpacked: install it again";

/* Return what is wrong if a kind of compression is not supported. */
static const char *unsupported(struct buffer packed)
{
	static const struct {
		const char *error;
		const char *magic;
		size_t size;
	} kinds[] = {
		{ UNSUPPORTED("lz4"), "\x02\x21\x4c\x18", 4 },
		{ UNSUPPORTED("lz4"), "\x04\x22\x4d\x18", 4 },
		{ UNSUPPORTED("lzma"), "\x5d\0\0", 3 },
		{ UNSUPPORTED("bzip2"), "BZh", 3 },
		{ UNSUPPORTED("lzo"), "\x89LZO", 4 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (packed.size >= kinds[i].size &&
		    !memcmp(packed.data, kinds[i].magic, kinds[i].size))
			return kinds[i].error;
	return NULL;
}

/* Try each place that looks like the begin of compressed data. */
static bool search(struct payload *payload, struct buffer image)
{
	static const struct {
		const char *magic;
		size_t size;
	} kinds[] = {
		{ "\xfd\67zXZ\0", 6 }, { "\x28\xb5\x2f\xfd", 4 },
		{ "\x1f\x8b\x08", 3 },
	};
	unsigned int tries = 8;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct buffer rest = image;
		size_t at;

		while (tries && buffer_find(rest, kinds[i].magic, kinds[i].size,
					    &at)) {
			rest = buffer_part(rest, at, rest.size - at);
			tries--;
			if (unpack_from(payload, rest) &&
			    payload->contents.size > image.size / 2)
				return true;
			payload_close(payload);
			rest = buffer_part(rest, 1, rest.size - 1);
		}
	}
	return false;
}

/**
 * payload_open() - Decompress the kernel in an image.
 * @payload: set to the kernel; all zero before
 * @image: the image, which may be hostile and must live as long as @payload
 *
 * An image that is not compressed is its own payload.
 *
 * Return: NULL, or what is wrong, as words after the name of the image.
 */
const char *payload_open(struct payload *payload, struct buffer image)
{
	struct buffer packed = {};
	const char *error;

	if (!setup_payload(image, &packed))
		return damaged;
	if (!packed.size)
		packed = zboot_payload(image);
	if (!packed.size && buffer_packing(image) != PACKING_NONE)
		packed = image;
	error = unsupported(packed.size ? packed : image);
	if (error)
		return error;
	if (packed.size && !unpack_from(payload, packed))
		return damaged;
	if (!packed.size && (image.size < 4 || memcmp(image.data, "\177ELF", 4)))
		search(payload, image);
	if (!payload->map)
		payload->contents = image;
	return NULL;
}

/**
 * payload_close() - Free what payload_open() allocated.
 * @payload: the payload, all zero afterwards
 */
void payload_close(struct payload *payload)
{
	if (payload->map)
		munmap(payload->map, payload->map_size);
	*payload = (struct payload){};
}
