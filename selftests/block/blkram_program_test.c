// SPDX-License-Identifier: GPL-2.0
/*
 * Blkram - programs that use the disk: fio, mkfs.ext4, mount, fstrim, fsck.ext4
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "disk.h"
#include "lib/file.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"

#define MODULE		"blkram"
#define FILE_SIZE	DISK_MIB

/*
 * Executes a program.  Discards its standard output, but not its error
 * messages.
 */
static int execute(void *arg)
{
	char * const *argv = arg;

	if (!freopen("/dev/null", "w", stdout))
		return -errno;
	execvp(argv[0], argv);
	return -errno;
}

/* Runs a program and returns its exit status, negated. */
#define run(...)	task_run(execute, (const char *[]){ __VA_ARGS__, NULL })

FIXTURE(disk)
{
};

FIXTURE_SETUP(disk)
{
	ASSERT_EQ(0, module_reload(MODULE, ""));
}

FIXTURE_TEARDOWN(disk)
{
	EXPECT_EQ(0, module_unload(MODULE));
}

/* fio writes blocks of random size and offset, and verifies their checksums. */
TEST_F(disk, passes_the_verification_of_fio)
{
	EXPECT_EQ(0, run("fio", "--name=verify", "--filename=" DISK,
			 "--ioengine=psync", "--thread", "--direct=1",
			 "--rw=randwrite", "--bsrange=512-256k", "--size=100%",
			 "--verify=crc32c", "--verify_fatal=1"));
}

/* A mounted file system on the disk, with one file. */
FIXTURE(mounted)
{
	char dir[32];
	char file[64];
};

static bool has_ext4(void)
{
	char text[4096];

	return file_read("/proc/filesystems", text, sizeof(text)) > 0 &&
	       strstr(text, "ext4\n");
}

static int mount_disk(const char *dir)
{
	return sysret(mount(DISK, dir, "ext4", 0, NULL));
}

static long write_file(const char *path)
{
	int fd = sysret(open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600));
	long ret = fd;

	disk_fill(0, 0, FILE_SIZE);
	if (fd >= 0)
		ret = disk_write(fd, 0, FILE_SIZE);
	close(fd);
	return ret;
}

static long read_file(const char *path)
{
	int fd = sysret(open(path, O_RDONLY | O_CLOEXEC));
	long ret = fd < 0 ? fd : disk_read(fd, 0, FILE_SIZE);

	close(fd);
	return ret;
}

FIXTURE_SETUP(mounted)
{
	if (!has_ext4())
		run("modprobe", "-q", "ext4");
	if (!has_ext4())
		SKIP(return, "needs CONFIG_EXT4_FS");

	ASSERT_EQ(0, module_reload(MODULE, ""));
	ASSERT_EQ(0, run("mkfs.ext4", "-q", DISK));
	snprintf(self->dir, sizeof(self->dir), "/run/disk-XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	snprintf(self->file, sizeof(self->file), "%s/file", self->dir);
	ASSERT_EQ(0, mount_disk(self->dir));
	ASSERT_EQ(FILE_SIZE, write_file(self->file));
}

FIXTURE_TEARDOWN(mounted)
{
	umount(self->dir);
	rmdir(self->dir);
	EXPECT_EQ(0, module_unload(MODULE));
}

TEST_F(mounted, disk_holds_the_module)
{
	EXPECT_LT(0, module_refcount(MODULE));
	EXPECT_EQ(-EWOULDBLOCK, module_unload(MODULE));

	EXPECT_EQ(0, sysret(umount(self->dir)));
	EXPECT_EQ(0, module_refcount(MODULE));
}

/* FITRIM discards only the blocks that the file system does not use. */
TEST_F(mounted, disk_keeps_its_files_when_trimmed)
{
	struct fstrim_range range = { .len = DISK_SIZE };
	int dir = open(self->dir, O_RDONLY | O_CLOEXEC);

	ASSERT_LE(0, dir);
	EXPECT_EQ(0, sysret(ioctl(dir, FITRIM, &range)));
	EXPECT_LT(0, range.len);
	EXPECT_EQ(0, close(dir));

	ASSERT_EQ(0, sysret(umount(self->dir)));
	EXPECT_EQ(0, run("fsck.ext4", "-fn", DISK));
	ASSERT_EQ(0, mount_disk(self->dir));
	EXPECT_EQ(FILE_SIZE, read_file(self->file));
	EXPECT_TRUE(disk_is_of(0, 0, FILE_SIZE));
}

TEST_HARNESS_MAIN
