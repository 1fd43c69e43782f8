// SPDX-License-Identifier: GPL-2.0
/*
 * Blkram - a disk in memory, sector by sector
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"
#include "lib/file.h"
#include "lib/gate.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "suites/load_race.h"
#include "suites/module_ref.h"

#include "blkram_module.h"

#define MODULE		"blkram"
#define PARAMETER	"/sys/module/blkram/parameters/blkram_mb"
#define LAST		(DISK_SIZE - DISK_SECTOR)
#define NR_WRITERS	2
#define SHARED		(128 * 1024L)
#define DIRTY		(16 * 1024L)
#define NR_LOADS	20
/* A disk that has a large part of the memory of a test machine. */
#define LARGE		(128 * DISK_MIB)
#define LARGE_LOAD	"blkram_mb=128"

static int open_as_nobody(void *arg)
{
	const int *flags = arg;
	int fd = task_become_nobody();

	if (!fd)
		fd = disk_open(*flags);
	return fd < 0 ? fd : 0;
}

static int unprivileged_opens(int flags)
{
	return task_run(open_as_nobody, &flags);
}

/* A new disk, opened with O_DIRECT to bypass the page cache. */
FIXTURE(disk)
{
	struct kmsg log;
	int fd;
};

FIXTURE_SETUP(disk)
{
	ASSERT_EQ(0, kmsg_open(&self->log));
	ASSERT_EQ(0, module_reload(MODULE, ""));
	self->fd = disk_open(O_RDWR | O_DIRECT);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(disk)
{
	close(self->fd);
	EXPECT_EQ(0, module_unload(MODULE));
	kmsg_close(&self->log);
}

TEST_F(disk, has_eight_mebibytes_of_sectors)
{
	__u64 bytes = 0;
	int sector = 0;

	EXPECT_EQ(0, sysret(ioctl(self->fd, BLKGETSIZE64, &bytes)));
	EXPECT_EQ(0, sysret(ioctl(self->fd, BLKSSZGET, &sector)));
	EXPECT_EQ(DISK_SIZE, bytes);
	EXPECT_EQ(DISK_SECTOR, sector);
	EXPECT_EQ(DISK_SIZE, lseek(self->fd, 0, SEEK_END));
}

TEST_F(disk, shows_the_parameter_to_all_and_takes_no_other)
{
	char text[32];
	struct stat st;

	ASSERT_EQ(0, stat(PARAMETER, &st));
	EXPECT_EQ(S_IFREG | 0444, st.st_mode);
	EXPECT_EQ(2, file_read(PARAMETER, text, sizeof(text)));
	EXPECT_STREQ("8\n", text);
	EXPECT_EQ(-EACCES, file_write(PARAMETER, "16"));
}

TEST_F(disk, is_for_root_only)
{
	struct stat st;

	ASSERT_EQ(0, stat(DISK, &st));
	EXPECT_EQ(S_IFBLK | 0600, st.st_mode);
	EXPECT_EQ(-EACCES, unprivileged_opens(O_RDONLY));
	EXPECT_EQ(-EACCES, unprivileged_opens(O_WRONLY));
}

TEST_F(disk, logs_its_coming_and_nothing_else)
{
	ASSERT_EQ(DISK_SECTOR, disk_write(self->fd, 0, DISK_SECTOR));
	ASSERT_EQ(DISK_SECTOR, disk_read(self->fd, 0, DISK_SECTOR));
	ASSERT_EQ(0, close(self->fd));
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LOG(&self->log, "blkram: registered /dev/blkram0 (8 MiB)");

	ASSERT_EQ(0, module_load(MODULE, ""));
}

TEST_F(disk, unload_takes_it_away)
{
	ASSERT_EQ(0, close(self->fd));
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_EQ(-ENOENT, sysret(access(DISK, F_OK)));
	EXPECT_EQ(-ENOENT, sysret(access("/sys/block/blkram0", F_OK)));

	ASSERT_EQ(0, module_load(MODULE, ""));
}

TEST_F(disk, gives_back_every_sector)
{
	disk_fill(0, 0, DISK_SIZE);
	ASSERT_EQ(DISK_SIZE, disk_write(self->fd, 0, DISK_SIZE));
	ASSERT_EQ(DISK_SIZE, disk_read(self->fd, 0, DISK_SIZE));
	EXPECT_TRUE(disk_is_of(0, 0, DISK_SIZE));
}

TEST_F(disk, is_zero_again_after_the_next_load)
{
	disk_fill(0, 0, DISK_SIZE);
	ASSERT_EQ(DISK_SIZE, disk_write(self->fd, 0, DISK_SIZE));
	ASSERT_EQ(0, close(self->fd));
	ASSERT_EQ(0, module_reload(MODULE, ""));

	self->fd = disk_open(O_RDWR | O_DIRECT);
	ASSERT_EQ(DISK_SIZE, disk_read(self->fd, 0, DISK_SIZE));
	EXPECT_TRUE(disk_is_zero(0, DISK_SIZE));
}

/* The first write of a page leaves the rest of the page zero. */
TEST_F(disk, first_write_may_begin_and_end_inside_a_page)
{
	const long start = 3 * DISK_SECTOR;
	const long len = 3 * DISK_PAGE - 4 * DISK_SECTOR;
	const long end = start + len;

	disk_fill(0, start, len);
	ASSERT_EQ(len, disk_write(self->fd, start, len));

	ASSERT_EQ(SHARED, disk_read(self->fd, 0, SHARED));
	EXPECT_TRUE(disk_is_zero(0, start));
	EXPECT_TRUE(disk_is_of(0, start, len));
	EXPECT_TRUE(disk_is_zero(end, SHARED - end));
}

TEST_F(disk, write_of_one_sector_changes_no_other)
{
	const long at = 100 * DISK_SECTOR;
	const long behind = at + DISK_SECTOR;

	disk_fill(0, 0, SHARED);
	ASSERT_EQ(SHARED, disk_write(self->fd, 0, SHARED));
	disk_fill(1, at, DISK_SECTOR);
	ASSERT_EQ(DISK_SECTOR, disk_write(self->fd, at, DISK_SECTOR));

	ASSERT_EQ(SHARED, disk_read(self->fd, 0, SHARED));
	EXPECT_TRUE(disk_is_of(0, 0, at));
	EXPECT_TRUE(disk_is_of(1, at, DISK_SECTOR));
	EXPECT_TRUE(disk_is_of(0, behind, SHARED - behind));
}

TEST_F(disk, has_what_was_written_through_the_page_cache_after_a_sync)
{
	int cached = disk_open(O_RDWR);

	ASSERT_LE(0, cached);
	disk_fill(0, 0, SHARED);
	EXPECT_EQ(SHARED, disk_write(cached, 0, SHARED));
	EXPECT_EQ(0, sysret(fsync(cached)));

	EXPECT_EQ(SHARED, disk_read(self->fd, 0, SHARED));
	EXPECT_TRUE(disk_is_of(0, 0, SHARED));
	EXPECT_EQ(0, close(cached));
}

/*
 * The kernel writes dirty pages to the disk when the last open file is closed.
 */
TEST_F(disk, may_go_right_after_it_was_written)
{
	int i;

	ASSERT_EQ(0, close(self->fd));
	for (i = 0; i < NR_LOADS; i++) {
		self->fd = disk_open(O_RDWR);
		ASSERT_LE(0, self->fd);
		ASSERT_EQ(DIRTY, disk_write(self->fd, DISK_MIB - DIRTY, DIRTY));
		ASSERT_EQ(0, close(self->fd));
		ASSERT_EQ(0, module_unload(MODULE));
		ASSERT_EQ(0, module_load(MODULE, "blkram_mb=1"));
	}
}

/* Writes every NR_WRITERS-th sector, one by one. */
static int write_own_sectors(void *arg)
{
	const unsigned int *writer = arg;
	int fd = disk_open(O_RDWR | O_DIRECT);
	long at = *writer * DISK_SECTOR;

	if (fd < 0)
		return fd;
	disk_fill(*writer, 0, SHARED);
	for (; at < SHARED; at += NR_WRITERS * DISK_SECTOR) {
		if (disk_write(fd, at, DISK_SECTOR) != DISK_SECTOR)
			return -EIO;
	}
	return 0;
}

TEST_F(disk, keeps_the_sectors_of_two_writers_apart)
{
	pid_t tasks[NR_WRITERS];
	unsigned int i;
	long at;

	for (i = 0; i < NR_WRITERS; i++)
		tasks[i] = task_start(write_own_sectors, &i);
	for (i = 0; i < NR_WRITERS; i++)
		EXPECT_EQ(0, task_wait(tasks[i]));

	ASSERT_EQ(SHARED, disk_read(self->fd, 0, SHARED));
	for (at = 0; at < SHARED; at += DISK_SECTOR) {
		ASSERT_TRUE(disk_is_of(at / DISK_SECTOR % NR_WRITERS, at,
				       DISK_SECTOR))
			TH_LOG("at %ld", at);
	}
}

/* An I/O scheduler costs time, and a disk in memory gains nothing from it. */
TEST_F(disk, has_no_io_scheduler)
{
	EXPECT_NE(NULL, strstr(file_text(DISK_QUEUE "scheduler"), "[none]"))
		TH_LOG("%s", file_text(DISK_QUEUE "scheduler"));
}

/* Returns the free memory of the machine in bytes, or a negative number. */
static long free_memory(void)
{
	char text[4096];
	const char *line;
	long kib;

	if (file_read("/proc/meminfo", text, sizeof(text)) < 0)
		return -1;
	line = strstr(text, "MemFree:");
	return line && sscanf(line, "MemFree: %ld", &kib) == 1 ? kib * 1024 : -1;
}

/* Neither a load nor a read nor a discard allocates the memory of the disk. */
TEST_F(disk, takes_memory_for_what_is_written_only)
{
	__u64 range[] = { 0, LARGE };
	long before;

	ASSERT_EQ(0, close(self->fd));
	ASSERT_EQ(0, module_unload(MODULE));
	before = free_memory();
	ASSERT_LT(LARGE, before);
	ASSERT_EQ(0, module_load(MODULE, LARGE_LOAD));
	self->fd = disk_open(O_RDWR | O_DIRECT);
	ASSERT_EQ(DISK_SIZE, disk_read(self->fd, 0, DISK_SIZE));
	ASSERT_EQ(0, sysret(ioctl(self->fd, BLKDISCARD, range)));
	ASSERT_EQ(0, sysret(ioctl(self->fd, BLKZEROOUT, range)));
	EXPECT_GT(LARGE / 2, before - free_memory());
}

/*
 * Reads the flags of a disk's hardware queue to @text.  Returns them, or an
 * error message.
 */
static const char *queue_flags(const char *disk, char *text, size_t size)
{
	char path[64];
	long ret;

	snprintf(path, sizeof(path), "/sys/kernel/debug/block/%s/hctx0/flags",
		 disk);
	ret = file_read(path, text, size);
	return ret < 0 ? strerror(-ret) : text;
}

static int load_loop(void *arg)
{
	execlp("modprobe", "modprobe", "-q", "loop", NULL);
	return -errno;
}

/* Compares blkram with loop0, another disk of the same kernel. */
FIXTURE(other_disk)
{
};

FIXTURE_SETUP(other_disk)
{
	task_run(load_loop, NULL);
	if (access("/sys/block/loop0", F_OK))
		SKIP(return, "needs CONFIG_BLK_DEV_LOOP");
	if (access("/sys/kernel/debug/block", F_OK))
		SKIP(return, "needs CONFIG_BLK_DEBUG_FS");
	ASSERT_EQ(0, module_reload(MODULE, ""));
}

FIXTURE_TEARDOWN(other_disk)
{
	module_unload(MODULE);
}

/*
 * BLKRAM-1: if the queue of loop0 has the flag for merged requests, that of
 * blkram must have it, too.
 */
TEST_F(other_disk, merges_requests_if_this_one_does)
{
	char other[256];
	char ours[256];

	queue_flags("loop0", other, sizeof(other));
	queue_flags("blkram0", ours, sizeof(ours));
	EXPECT_NE(NULL, strstr(ours, "\n"));
	EXPECT_EQ(!strstr(other, "SHOULD_MERGE"),
		  !strstr(ours, "SHOULD_MERGE"))
		TH_LOG("here: %s there: %s", ours, other);
}

TEST_HARNESS_MAIN
