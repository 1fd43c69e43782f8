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
#include <sys/stat.h>
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

/* Returns the content of a short file, or the text of the error. */
static inline const char *file_text(const char *path)
{
	static char text[64];
	long len = file_read(path, text, sizeof(text));

	return len < 0 ? strerror(-len) : text;
}

/* Writes once to a file that is opened with @flags, such as O_APPEND. */
static inline long file_write_flags(const char *path, const char *text,
				    int flags)
{
	int fd = sysret(open(path, O_WRONLY | O_CLOEXEC | flags));
	long ret;

	if (fd < 0)
		return fd;

	ret = sysret(write(fd, text, strlen(text)));
	close(fd);
	return ret;
}

/* Does what printf text > path does, in one write. */
static inline long file_write(const char *path, const char *text)
{
	return file_write_flags(path, text, O_TRUNC);
}

/*
 * Expects a file to be root's, and to have this type and mode.  A macro, so that
 * a failed expectation reports the line of the test.
 */
#define EXPECT_FILE_OF_ROOT(type_and_mode, path) do {			\
	struct stat st_;						\
									\
	ASSERT_EQ(0, stat(path, &st_));					\
	EXPECT_EQ(type_and_mode, st_.st_mode);				\
	EXPECT_EQ(0, st_.st_uid);					\
	EXPECT_EQ(0, st_.st_gid);					\
} while (0)

/* Returns the number of bytes before the FILE_POISON at the end of @buf. */
static inline size_t file_unpoisoned(const char *buf, size_t size)
{
	while (size && (unsigned char)buf[size - 1] == FILE_POISON)
		size--;
	return size;
}

#endif /* _SELFTESTS_LIB_FILE_H */
