// SPDX-License-Identifier: GPL-2.0
/*
 * Call fault - transfers to and from the disk with fault injection
 */
#include <fcntl.h>
#include <kselftest_harness.h>
#include <linux/fs.h>
#include <linux/types.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "disk.h"
#include "lib/sysret.h"
#include "suites/call_fault.h"

/* Several pages, so that the allocation of each can be the one that fails. */
#define LEN	(16 * 4096L)

enum { BEFORE, WRITER };

/* Fills the disk's first LEN bytes, drops its cache and poisons the buffer. */
static int prepare_closed(struct call_fault_file *file)
{
	int err = 0;
	int fd;

	call_fault_close(file);
	fd = disk_open(O_RDWR | O_DIRECT);
	if (fd < 0)
		return fd;
	disk_fill(BEFORE, 0, LEN);
	if (disk_write(fd, 0, LEN) != LEN)
		err = -EPROTO;
	if (!err)
		err = sysret(ioctl(fd, BLKFLSBUF, 0));
	close(fd);
	memset(disk_at(0), 0xcc, LEN);
	return err;
}

static int prepare_cached(struct call_fault_file *file)
{
	int err = prepare_closed(file);

	return err ? err : call_fault_open(file);
}

static int prepare_direct(struct call_fault_file *file)
{
	int err = prepare_closed(file);

	if (err)
		return err;
	file->fd = disk_open(O_RDWR | O_DIRECT);
	return file->fd < 0 ? file->fd : 0;
}

static int prepare_cached_write(struct call_fault_file *file)
{
	int err = prepare_cached(file);

	disk_fill(WRITER, 0, LEN);
	return err;
}

static int prepare_direct_write(struct call_fault_file *file)
{
	int err = prepare_direct(file);

	disk_fill(WRITER, 0, LEN);
	return err;
}

/* Continues after a short transfer.  Returns the sum, or a negative errno. */
static long make_transfer(int fd, long (*transfer)(int fd, long offset,
						   long len))
{
	long done = 0;
	long ret;

	do {
		ret = transfer(fd, done, LEN - done);
		done += ret > 0 ? ret : 0;
	} while (ret > 0 && done < LEN);
	return ret < 0 ? ret : done;
}

static long make_read(struct call_fault_file *file)
{
	return make_transfer(file->fd, disk_read);
}

static long make_write(struct call_fault_file *file)
{
	return make_transfer(file->fd, disk_write);
}

static long make_zero(struct call_fault_file *file)
{
	__u64 range[2] = { 0, LEN };

	return sysret(ioctl(file->fd, BLKZEROOUT, range));
}

static const char *owner(void)
{
	if (disk_is_of(BEFORE, 0, LEN))
		return "before";
	if (disk_is_of(WRITER, 0, LEN))
		return "the writer";
	return disk_is_zero(0, LEN) ? "nobody" : "several";
}

/* Describes which data are in the buffer, and which are on the disk. */
static const char *look_at_disk(struct call_fault_file *file)
{
	static char seen[64];
	const char *buffer = owner();
	int fd = disk_open(O_RDONLY | O_DIRECT);
	long ret;

	if (file->fd < 0 && call_fault_open(file))
		return strerror(-file->fd);
	ret = disk_read(fd, 0, LEN);
	close(fd);
	snprintf(seen, sizeof(seen), "buffer: %s, %ld bytes of disk: %s",
		 buffer, ret, owner());
	return seen;
}

static const struct call_fault_call open_call = {
	.name = "open",
	.prepare = prepare_closed,
	.make = call_fault_make_open,
	.look = look_at_disk,
};

static const struct call_fault_call read_call = {
	.name = "read",
	.prepare = prepare_cached,
	.make = make_read,
	.look = look_at_disk,
};

static const struct call_fault_call write_call = {
	.name = "write",
	.prepare = prepare_cached_write,
	.make = make_write,
	.look = look_at_disk,
};

static const struct call_fault_call direct_read_call = {
	.name = "direct read",
	.prepare = prepare_direct,
	.make = make_read,
	.look = look_at_disk,
};

static const struct call_fault_call direct_write_call = {
	.name = "direct write",
	.prepare = prepare_direct_write,
	.make = make_write,
	.look = look_at_disk,
};

static const struct call_fault_call zero_call = {
	.name = "BLKZEROOUT",
	.prepare = prepare_direct,
	.make = make_zero,
	.look = look_at_disk,
};

FIXTURE_VARIANT_ADD(call_fault, blkram)
{
	.file = {
		.module = "blkram",
		.path = DISK,
		.flags = O_RDWR,
	},
	.calls = {
		&open_call, &read_call, &write_call, &direct_read_call,
		&direct_write_call, &zero_call,
	},
};

TEST_HARNESS_MAIN
