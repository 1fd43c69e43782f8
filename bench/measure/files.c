// SPDX-License-Identifier: GPL-2.0
/*
 * Files - the reads, writes and ioctls of files with a message or with lines
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../bench_base.h"
#include "chardev.h"
#include "measure.h"

#define MAX_LEN		2048
/* The length of a line of seven digits. */
#define LINE_LEN	8
/*
 * The kernel logs at most 10 messages in 5 seconds if they are rate-limited.  In
 * a guest whose clock counts instructions, sleep takes no time.
 */
#define LOG_BURST	10
#define LOG_SECONDS	6

static char message[MAX_LEN];
static char buffer[65536];
static int ours_fd, other_fd;
static long length;

static void open_both(const char *module, const char *ours, const char *other)
{
	need_module(module, "");
	need_module("bench_base", "");
	ours_fd = open_file(ours, O_RDWR);
	other_fd = open_file(other, O_RDWR);
	memset(message, 'm', sizeof(message));
}

static void init_full_ex(void)
{
	const char room = 100;

	open_both("full_ex", "/proc/full_ex", "/proc/bench_four");
	write_all(ours_fd, &room, 1);
}

static void put_and_get(int fd, long nr)
{
	while (nr--) {
		write_all(fd, message, 4);
		read_all(fd, buffer, 4);
	}
}

static void ours_put_and_get(long nr) { put_and_get(ours_fd, nr); }
static void other_put_and_get(long nr) { put_and_get(other_fd, nr); }

static void init_open(void)
{
	need_module("full_ex", "");
	need_module("bench_base", "");
}

static void open_and_close(const char *path, long nr)
{
	while (nr--)
		close(open_file(path, O_RDWR));
}

static void ours_open(long nr) { open_and_close("/proc/full_ex", nr); }
static void other_open(long nr) { open_and_close("/proc/bench_alloc", nr); }

static void ours_read(long nr)
{
	while (nr--)
		read_at(ours_fd, buffer, length, 0);
}

static void other_read(long nr)
{
	while (nr--)
		read_at(other_fd, buffer, length, 0);
}

static void ours_write(long nr)
{
	while (nr--)
		write_at(ours_fd, message, length, 0);
}

static void other_write(long nr)
{
	while (nr--)
		write_at(other_fd, message, length, 0);
}

/* Opens both files for messages of @len bytes, and writes the first one. */
static void init_message(const char *module, const char *ours,
			 const char *other, long len)
{
	open_both(module, ours, other);
	length = len;
	message[len - 1] = '\n';
	ours_write(1);
	read_at(ours_fd, buffer, len, 0);
}

static void init_buffer2k(void)
{
	init_message("procfs3", "/proc/buffer2k", "/proc/bench_bytes", 80);
}

static void init_buffer2k_full(void)
{
	init_message("procfs3", "/proc/buffer2k", "/proc/bench_bytes", 2048);
}

static void init_buffer1k(void)
{
	init_message("procfs2", "/proc/buffer1k", "/proc/bench_bytes", 80);
}

static void init_buffer1k_log(void)
{
	init_message("procfs2", "/proc/buffer1k", "/proc/bench_log", 80);
}

static void init_char_dev(void)
{
	init_message("chardev2", DEVICE_PATH, "/dev/bench_base", BUF_LEN);
}

static void init_sleep(void)
{
	init_message("sleep", "/proc/sleep", "/proc/bench_bytes", 79);
}

static void pause_log(void)
{
	sleep(LOG_SECONDS);
}

/* The message of an ioctl is a string of BUF_LEN - 1 bytes. */
static void init_ioctl(void)
{
	init_char_dev();
	message[BUF_LEN - 1] = '\0';
	do_ioctl(other_fd, BENCH_BASE_SET_LENGTH, BUF_LEN);
	do_ioctl(ours_fd, IOCTL_SET_MSG, (unsigned long)message);
	do_ioctl(ours_fd, IOCTL_GET_MSG, (unsigned long)buffer);
	if (memcmp(buffer, message, BUF_LEN))
		fail("IOCTL_GET_MSG returns another message");
}

static void ioctls(int fd, unsigned long cmd, char *argument, long nr)
{
	while (nr--)
		do_ioctl(fd, cmd, (unsigned long)argument);
}

static void ours_get(long nr) { ioctls(ours_fd, IOCTL_GET_MSG, buffer, nr); }
static void ours_set(long nr) { ioctls(ours_fd, IOCTL_SET_MSG, message, nr); }

static void other_get(long nr)
{
	ioctls(other_fd, BENCH_BASE_COPY_OUT, buffer, nr);
}

static void other_set(long nr)
{
	ioctls(other_fd, BENCH_BASE_COPY_IN, message, nr);
}

/*
 * The first file that is read gets the numbers below a million, the second one
 * the next million, all of which have seven digits, as those of bench_seq.
 */
static void init_iter(void)
{
	int first;

	need_module("procfs4", "lines=1000000");
	need_module("bench_base", "");
	first = open_file("/proc/iter", O_RDONLY);
	read_all(first, buffer, 1);
	close(first);
	ours_fd = open_file("/proc/iter", O_RDONLY);
	other_fd = open_file("/proc/bench_seq", O_RDONLY);
	read_at(ours_fd, buffer, 2 * LINE_LEN, 0);
	if (memcmp(buffer, "1000000\n1000001\n", 2 * LINE_LEN))
		fail("/proc/iter does not go on at 1000000");
}

/* Reads the first @nr lines. */
static void read_lines(int fd, long nr)
{
	long left = nr * LINE_LEN;
	ssize_t got;

	if (lseek(fd, 0, SEEK_SET))
		fail("lseek fails");
	for (; left; left -= got) {
		got = read(fd, buffer, left < (long)sizeof(buffer) ?
					left : (long)sizeof(buffer));
		if (got <= 0)
			fail("read returns %zd with %ld bytes left", got, left);
	}
}

static void ours_lines(long nr) { read_lines(ours_fd, nr); }
static void other_lines(long nr) { read_lines(other_fd, nr); }

const struct pair file_pairs[] = {
	{ "full_ex-rw", init_full_ex, ours_put_and_get, other_put_and_get,
	  .rounds = 4000 },
	{ "full_ex-open", init_open, ours_open, other_open, .rounds = 1000 },
	{ "buffer2k-write-80", init_buffer2k, ours_write, other_write,
	  .rounds = 4000 },
	{ "buffer2k-write-2048", init_buffer2k_full, ours_write, other_write,
	  .rounds = 4000 },
	{ "buffer2k-read-80", init_buffer2k, ours_read, other_read,
	  .rounds = 4000 },
	{ "buffer1k-read-80", init_buffer1k, ours_read, other_read,
	  .rounds = 4000 },
	{ "buffer1k-write-80-log", init_buffer1k_log, ours_write, other_write,
	  .pause = pause_log, .rounds = LOG_BURST, .is_fixed = true },
	{ "char_dev-read-80", init_char_dev, ours_read, other_read,
	  .rounds = 4000 },
	{ "char_dev-write-80", init_char_dev, ours_write, other_write,
	  .rounds = 4000 },
	{ "char_dev-get-msg", init_ioctl, ours_get, other_get, .rounds = 4000 },
	{ "char_dev-set-msg", init_ioctl, ours_set, other_set, .rounds = 4000 },
	{ "sleep-read-79", init_sleep, ours_read, other_read, .rounds = 4000 },
	{ "sleep-write-79", init_sleep, ours_write, other_write,
	  .rounds = 4000 },
	{ "iter-lines", init_iter, ours_lines, other_lines, .rounds = 100000 },
	{ NULL },
};
