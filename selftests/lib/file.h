/* SPDX-License-Identifier: GPL-2.0 */
/*
 * File - reads and writes a whole file by its path, as cat and printf do
 *
 * A function that reads or writes returns the number of bytes, or a negative
 * errno.
 */
#ifndef _SELFTESTS_LIB_FILE_H
#define _SELFTESTS_LIB_FILE_H

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "sysret.h"

#define FILE_POISON	0xcc

/*
 * Reads an open file from its offset to its end, but not more than @size bytes,
 * in reads of @chunk bytes.  Returns -EOVERFLOW if a read returns more bytes
 * than it was asked for.
 */
static inline long file_read_chunks(int fd, char *buf, size_t size,
				    size_t chunk)
{
	size_t len = 0;
	long ret;

	do {
		if (chunk > size - len)
			chunk = size - len;
		ret = sysret(read(fd, buf + len, chunk));
		if (ret > (long)chunk)
			return -EOVERFLOW;
		if (ret > 0)
			len += ret;
	} while (ret > 0);

	return ret < 0 ? ret : (long)len;
}

/* Reads a file as cat does, and adds a NUL, which the result does not count. */
static inline long file_read(const char *path, char *buf, size_t size)
{
	int fd = sysret(open(path, O_RDONLY | O_CLOEXEC));
	long len;

	if (fd < 0)
		return fd;

	len = file_read_chunks(fd, buf, size - 1, size - 1);
	close(fd);
	buf[len < 0 ? 0 : len] = '\0';
	return len;
}

/* Writes @text in one write(), as "printf text > path" does. */
static inline long file_write(const char *path, const char *text)
{
	int fd = sysret(open(path, O_WRONLY | O_TRUNC | O_CLOEXEC));
	long ret;

	if (fd < 0)
		return fd;

	ret = sysret(write(fd, text, strlen(text)));
	close(fd);
	return ret;
}

/* Returns the length of @buf without the bytes FILE_POISON at its end. */
static inline size_t file_unpoisoned(const char *buf, size_t size)
{
	while (size && (unsigned char)buf[size - 1] == FILE_POISON)
		size--;
	return size;
}

#endif /* _SELFTESTS_LIB_FILE_H */
