// SPDX-License-Identifier: GPL-2.0
/*
 * Blkram - the end of the disk, alignment of transfers, discard and zeroing
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "disk.h"
#include "lib/file.h"
#include "lib/module.h"
#include "lib/sysret.h"

#define MODULE		"blkram"
#define LAST		(DISK_SIZE - DISK_SECTOR)
/*
 * An offset of more than 32 bits.  Truncated to 32 bits, it would be the first
 * sector of the disk.
 */
#define FAR		0x200000000L
#define SMALL_SIZE	(3 * DISK_MIB)

/* The end of the disk, with O_DIRECT and through the page cache. */
FIXTURE(end)
{
	int fd;
};

FIXTURE_VARIANT(end)
{
	int flags;
};

FIXTURE_VARIANT_ADD(end, direct)
{
	.flags = O_DIRECT,
};

FIXTURE_VARIANT_ADD(end, cached)
{
	.flags = 0,
};

FIXTURE_SETUP(end)
{
	ASSERT_EQ(0, module_reload(MODULE, ""));
	self->fd = disk_open(O_RDWR | variant->flags);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(end)
{
	close(self->fd);
	EXPECT_EQ(0, module_unload(MODULE));
}

TEST_F(end, has_a_last_sector)
{
	disk_fill(0, LAST, DISK_SECTOR);
	EXPECT_EQ(DISK_SECTOR, disk_write(self->fd, LAST, DISK_SECTOR));
	EXPECT_EQ(DISK_SECTOR, disk_read(self->fd, LAST, DISK_SECTOR));
	EXPECT_TRUE(disk_is_of(0, LAST, DISK_SECTOR));
}

TEST_F(end, write_behind_it_returns_enospc)
{
	EXPECT_EQ(-ENOSPC, sysret(pwrite(self->fd, disk_buf, DISK_SECTOR,
					 DISK_SIZE)));
	EXPECT_EQ(-ENOSPC, sysret(pwrite(self->fd, disk_buf, DISK_SECTOR,
					 FAR)));
}

/*
 * BLKRAM-4: if the driver truncated an offset to 32 bits, a read past the end
 * would return data.
 */
TEST_F(end, nothing_is_to_be_read_behind_it)
{
	disk_fill(0, 0, DISK_SECTOR);
	ASSERT_EQ(DISK_SECTOR, disk_write(self->fd, 0, DISK_SECTOR));
	EXPECT_EQ(0, sysret(pread(self->fd, disk_buf, DISK_SECTOR,
				  DISK_SIZE)));
	EXPECT_EQ(0, sysret(pread(self->fd, disk_buf, DISK_SECTOR, FAR)));
}

TEST_F(end, write_across_it_is_short)
{
	disk_fill(0, 0, 2 * DISK_SECTOR);
	EXPECT_EQ(DISK_SECTOR, sysret(pwrite(self->fd, disk_buf,
					     2 * DISK_SECTOR, LAST)));
	EXPECT_EQ(DISK_SECTOR, sysret(pread(self->fd, disk_buf,
					    2 * DISK_SECTOR, LAST)));
	EXPECT_TRUE(disk_is_of(0, 0, 2 * DISK_SECTOR));
}

/*
 * A direct read or write of .len bytes at the offset .offset of the disk, to or
 * from the offset .memory of the buffer, returns .ret.
 */
FIXTURE(transfer)
{
	int fd;
};

FIXTURE_VARIANT(transfer)
{
	long memory;
	long offset;
	long len;
	long ret;
};

FIXTURE_VARIANT_ADD(transfer, sector) { 0, 512, 512, 512 };
FIXTURE_VARIANT_ADD(transfer, three_sectors) { 0, 512, 1536, 1536 };
FIXTURE_VARIANT_ADD(transfer, memory_of_a_sector) { 512, 512, 512, 512 };
FIXTURE_VARIANT_ADD(transfer, part_of_a_sector) { 0, 0, 100, -EINVAL };
FIXTURE_VARIANT_ADD(transfer, sector_and_a_part) { 0, 0, 700, -EINVAL };
FIXTURE_VARIANT_ADD(transfer, offset_in_a_sector) { 0, 100, 512, -EINVAL };
FIXTURE_VARIANT_ADD(transfer, odd_memory) { 1, 0, 512, -EINVAL };

FIXTURE_SETUP(transfer)
{
	ASSERT_EQ(0, module_reload(MODULE, "blkram_mb=1"));
	self->fd = disk_open(O_RDWR | O_DIRECT);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(transfer)
{
	close(self->fd);
	EXPECT_EQ(0, module_unload(MODULE));
}

TEST_F(transfer, is_of_whole_sectors)
{
	EXPECT_EQ(variant->ret, sysret(pwrite(self->fd,
					      disk_at(variant->memory),
					      variant->len, variant->offset)));
	EXPECT_EQ(variant->ret, sysret(pread(self->fd,
					     disk_at(variant->memory),
					     variant->len, variant->offset)));
}

/* Functions that zero a range of the disk. */
static int discard(int fd, __u64 start, __u64 len)
{
	__u64 range[] = { start, len };

	return sysret(ioctl(fd, BLKDISCARD, range));
}

static int zero_out(int fd, __u64 start, __u64 len)
{
	__u64 range[] = { start, len };

	return sysret(ioctl(fd, BLKZEROOUT, range));
}

static int punch_hole(int fd, __u64 start, __u64 len)
{
	return sysret(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				start, len));
}

FIXTURE(emptied)
{
	int fd;
};

/* .max is the file in sysfs with the limit for the size of such a request. */
FIXTURE_VARIANT(emptied)
{
	int (*empty)(int fd, __u64 start, __u64 len);
	const char *max;
};

FIXTURE_VARIANT_ADD(emptied, discard)
{
	.empty = discard,
	.max = DISK_QUEUE "discard_max_bytes",
};

FIXTURE_VARIANT_ADD(emptied, zero_out)
{
	.empty = zero_out,
	.max = DISK_QUEUE "write_zeroes_max_bytes",
};

FIXTURE_VARIANT_ADD(emptied, punch_hole)
{
	.empty = punch_hole,
	.max = DISK_QUEUE "write_zeroes_max_bytes",
};

FIXTURE_SETUP(emptied)
{
	ASSERT_EQ(0, module_reload(MODULE, "blkram_mb=3"));
	self->fd = disk_open(O_RDWR | O_DIRECT);
	ASSERT_LE(0, self->fd);
	disk_fill(0, 0, SMALL_SIZE);
	ASSERT_EQ(SMALL_SIZE, disk_write(self->fd, 0, SMALL_SIZE));
}

FIXTURE_TEARDOWN(emptied)
{
	close(self->fd);
	EXPECT_EQ(0, module_unload(MODULE));
}

TEST_F(emptied, is_something_that_the_disk_can_do)
{
	char text[32];

	ASSERT_LT(0, file_read(variant->max, text, sizeof(text)));
	EXPECT_LE(DISK_SECTOR, atol(text));
}

TEST_F(emptied, part_is_zero_and_the_rest_is_not)
{
	const long start = 3 * DISK_SECTOR;
	const long len = SMALL_SIZE - 9 * DISK_SECTOR;

	EXPECT_EQ(0, variant->empty(self->fd, start, len));

	ASSERT_EQ(SMALL_SIZE, disk_read(self->fd, 0, SMALL_SIZE));
	EXPECT_TRUE(disk_is_of(0, 0, start));
	EXPECT_TRUE(disk_is_zero(start, len));
	EXPECT_TRUE(disk_is_of(0, start + len, SMALL_SIZE - start - len));
}

TEST_F(emptied, disk_is_zero)
{
	EXPECT_EQ(0, variant->empty(self->fd, 0, SMALL_SIZE));

	ASSERT_EQ(SMALL_SIZE, disk_read(self->fd, 0, SMALL_SIZE));
	EXPECT_TRUE(disk_is_zero(0, SMALL_SIZE));
}

TEST_F(emptied, part_is_of_whole_sectors_of_the_disk)
{
	EXPECT_EQ(-EINVAL, variant->empty(self->fd, 1, DISK_SECTOR));
	EXPECT_EQ(-EINVAL, variant->empty(self->fd, 0, 100));
	EXPECT_EQ(-EINVAL, variant->empty(self->fd, SMALL_SIZE, DISK_SECTOR));

	ASSERT_EQ(SMALL_SIZE, disk_read(self->fd, 0, SMALL_SIZE));
	EXPECT_TRUE(disk_is_of(0, 0, SMALL_SIZE));
}

TEST_HARNESS_MAIN
