/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Blkram - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_BLOCK_BLKRAM_MODULE_H
#define _SELFTESTS_BLOCK_BLKRAM_MODULE_H

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/types.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "disk.h"
#include "lib/description.h"
#include "lib/sysret.h"

/*
 * The length of a transfer: several pages, so that the allocation of each of
 * them may fail.
 */
#define BLKRAM_LEN	(16 * 4096L)

enum { BLKRAM_BEFORE, BLKRAM_WRITER };

/* Fills the disk's first BLKRAM_LEN bytes, drops its cache and poisons the buffer. */
static int blkram_prepare_closed(struct call_fault_file *file)
{
	int err = 0;
	int fd;

	call_fault_close(file);
	fd = disk_open(O_RDWR | O_DIRECT);
	if (fd < 0)
		return fd;
	disk_fill(BLKRAM_BEFORE, 0, BLKRAM_LEN);
	if (disk_write(fd, 0, BLKRAM_LEN) != BLKRAM_LEN)
		err = -EPROTO;
	if (!err)
		err = sysret(ioctl(fd, BLKFLSBUF, 0));
	close(fd);
	memset(disk_at(0), 0xcc, BLKRAM_LEN);
	return err;
}

static int blkram_prepare_cached(struct call_fault_file *file)
{
	int err = blkram_prepare_closed(file);

	return err ? err : call_fault_open(file);
}

static int blkram_prepare_direct(struct call_fault_file *file)
{
	int err = blkram_prepare_closed(file);

	if (err)
		return err;
	file->fd = disk_open(O_RDWR | O_DIRECT);
	return file->fd < 0 ? file->fd : 0;
}

static int blkram_prepare_cached_write(struct call_fault_file *file)
{
	int err = blkram_prepare_cached(file);

	disk_fill(BLKRAM_WRITER, 0, BLKRAM_LEN);
	return err;
}

static int blkram_prepare_direct_write(struct call_fault_file *file)
{
	int err = blkram_prepare_direct(file);

	disk_fill(BLKRAM_WRITER, 0, BLKRAM_LEN);
	return err;
}

/*
 * Transfers BLKRAM_LEN bytes; continues after a short transfer.  Returns the
 * number of bytes, or a negative errno.
 */
static long blkram_make_transfer(int fd, long (*transfer)(int fd, long offset,
							  long len))
{
	long done = 0;
	long ret;

	do {
		ret = transfer(fd, done, BLKRAM_LEN - done);
		done += ret > 0 ? ret : 0;
	} while (ret > 0 && done < BLKRAM_LEN);
	return ret < 0 ? ret : done;
}

static long blkram_make_read(struct call_fault_file *file)
{
	return blkram_make_transfer(file->fd, disk_read);
}

static long blkram_make_write(struct call_fault_file *file)
{
	return blkram_make_transfer(file->fd, disk_write);
}

static long blkram_make_zero(struct call_fault_file *file)
{
	__u64 range[2] = { 0, BLKRAM_LEN };

	return sysret(ioctl(file->fd, BLKZEROOUT, range));
}

static const char *blkram_owner(void)
{
	if (disk_is_of(BLKRAM_BEFORE, 0, BLKRAM_LEN))
		return "before";
	if (disk_is_of(BLKRAM_WRITER, 0, BLKRAM_LEN))
		return "the writer";
	return disk_is_zero(0, BLKRAM_LEN) ? "nobody" : "several";
}

/*
 * Returns a text that says which data are in the buffer, and which on the disk.
 */
static const char *blkram_look_at_disk(struct call_fault_file *file)
{
	static char seen[64];
	const char *buffer = blkram_owner();
	int fd = disk_open(O_RDONLY | O_DIRECT);
	long ret;

	if (file->fd < 0 && call_fault_open(file))
		return strerror(-file->fd);
	ret = disk_read(fd, 0, BLKRAM_LEN);
	close(fd);
	snprintf(seen, sizeof(seen), "buffer: %s, %ld bytes of disk: %s",
		 buffer, ret, blkram_owner());
	return seen;
}

static const struct call_fault_call blkram_open_call = {
	.name = "open",
	.prepare = blkram_prepare_closed,
	.make = call_fault_make_open,
	.look = blkram_look_at_disk,
};

static const struct call_fault_call blkram_read_call = {
	.name = "read",
	.prepare = blkram_prepare_cached,
	.make = blkram_make_read,
	.look = blkram_look_at_disk,
};

static const struct call_fault_call blkram_write_call = {
	.name = "write",
	.prepare = blkram_prepare_cached_write,
	.make = blkram_make_write,
	.look = blkram_look_at_disk,
};

static const struct call_fault_call blkram_direct_read_call = {
	.name = "direct read",
	.prepare = blkram_prepare_direct,
	.make = blkram_make_read,
	.look = blkram_look_at_disk,
};

static const struct call_fault_call blkram_direct_write_call = {
	.name = "direct write",
	.prepare = blkram_prepare_direct_write,
	.make = blkram_make_write,
	.look = blkram_look_at_disk,
};

static const struct call_fault_call blkram_zero_call = {
	.name = "BLKZEROOUT",
	.prepare = blkram_prepare_direct,
	.make = blkram_make_zero,
	.look = blkram_look_at_disk,
};

static const struct module_description blkram_module = {
	.module = "blkram",
	.params = "blkram_mb=1",
	.path = DISK,
	.load_errs = { -EINVAL },
	.device_file = { .path = DISK, .is_block = true },
	.files = (const struct described_file[]) {
		{
			.file.path = DISK,
			.file.flags = O_RDWR,
			.calls = {
				&blkram_open_call, &blkram_read_call,
				&blkram_write_call, &blkram_direct_read_call,
				&blkram_direct_write_call, &blkram_zero_call,
			},
		},
	},
	.soak.nodes = {
		{ DISK, {} },
		{ "/sys/block/blkram0/size", {} },
		{ "/sys/block/blkram0/queue/nr_requests", { "4", "64" } },
		{ "/sys/block/blkram0/queue/scheduler", { "none" } },
	},
	.soak.ioctls = {
		BLKDISCARD, BLKFLSBUF, BLKGETSIZE64, BLKROSET, BLKRRPART,
		BLKSSZGET, BLKZEROOUT,
	},
	.soak.is_held = true,
};

/* BLKRAM-5 */
IN_LOAD_FAULT(blkram);
IN_CALL_FAULT(blkram, blkram, 0);
IN_MODULE_REF(blkram, blkram);
IN_LOAD_RACE(blkram, blkram);
IN_SOAK(blkram);

#endif /* _SELFTESTS_BLOCK_BLKRAM_MODULE_H */
