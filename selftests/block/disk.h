/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Disk - /dev/blkram0, and test data in which each word has a different value
 *
 * The data of a transfer are in disk_buf, at the same offset as on the disk.
 * The buffer is aligned for direct transfers.
 */
#ifndef _SELFTESTS_BLOCK_DISK_H
#define _SELFTESTS_BLOCK_DISK_H

#include <fcntl.h>
#include <linux/types.h>
#include <stdalign.h>
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "lib/sysret.h"

#define DISK		"/dev/blkram0"
#define DISK_QUEUE	"/sys/block/blkram0/queue/"
#define DISK_MIB	(1024L * 1024)
/* The default size of the disk. */
#define DISK_SIZE	(8 * DISK_MIB)
#define DISK_SECTOR	512L
/* The disk has its memory in pages of this size, or in larger ones. */
#define DISK_PAGE	4096L

static alignas(4096) __u64 disk_buf[DISK_SIZE / sizeof(__u64)];

static inline void *disk_at(long offset)
{
	return (char *)disk_buf + offset;
}

static inline int disk_open(int flags)
{
	return sysret(open(DISK, flags | O_CLOEXEC));
}

/*
 * Returns the value that the task @writer writes to a word, which is never 0.
 */
static inline __u64 disk_word(unsigned int writer, long word)
{
	return (__u64)(writer + 1) << 40 | word;
}

static inline void disk_fill(unsigned int writer, long offset, long len)
{
	long word = offset / (long)sizeof(__u64);
	const long end = (offset + len) / (long)sizeof(__u64);

	for (; word < end; word++)
		disk_buf[word] = disk_word(writer, word);
}

/* Returns true if all words of the range in the buffer are those of @writer. */
static inline bool disk_is_of(unsigned int writer, long offset, long len)
{
	long word = offset / (long)sizeof(__u64);
	const long end = (offset + len) / (long)sizeof(__u64);

	while (word < end && disk_buf[word] == disk_word(writer, word))
		word++;
	return word == end;
}

static inline bool disk_is_zero(long offset, long len)
{
	const char *at = disk_at(offset);

	return !len || (!*at && !memcmp(at, at + 1, len - 1));
}

static inline long disk_write(int fd, long offset, long len)
{
	return sysret(pwrite(fd, disk_at(offset), len, offset));
}

/*
 * Reads to the buffer.  Poisons it first, so that its old content is not taken
 * for data of the disk.
 */
static inline long disk_read(int fd, long offset, long len)
{
	memset(disk_at(offset), 0xcc, len);
	return sysret(pread(fd, disk_at(offset), len, offset));
}

#endif /* _SELFTESTS_BLOCK_DISK_H */
