// SPDX-License-Identifier: GPL-2.0
/*
 * Calls - system calls that end the pair if they fail
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "measure.h"

int open_file(const char *path, int flags)
{
	const int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		fail("open of %s: %s", path, strerror(errno));
	return fd;
}

void write_file(const char *path, const char *text)
{
	const int fd = open_file(path, O_WRONLY);

	write_all(fd, text, strlen(text));
	close(fd);
}

static void check(const char *call, ssize_t ret, long len)
{
	if (ret < 0)
		fail("%s of %ld bytes: %s", call, len, strerror(errno));
	if (ret != len)
		fail("%s of %ld bytes returns %zd", call, len, ret);
}

void write_all(int fd, const void *bytes, long len)
{
	check("write", write(fd, bytes, len), len);
}

void read_all(int fd, void *bytes, long len)
{
	check("read", read(fd, bytes, len), len);
}

void write_at(int fd, const void *bytes, long len, long offset)
{
	check("write", pwrite(fd, bytes, len, offset), len);
}

void read_at(int fd, void *bytes, long len, long offset)
{
	check("read", pread(fd, bytes, len, offset), len);
}

void do_ioctl(int fd, unsigned long cmd, unsigned long arg)
{
	const int ret = ioctl(fd, cmd, arg);

	if (ret)
		fail("ioctl %#lx returns %d: %s", cmd, ret,
		     ret < 0 ? strerror(errno) : "0 was expected");
}
