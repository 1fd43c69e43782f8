// SPDX-License-Identifier: GPL-2.0
/*
 * Blkram - the parameter blkram_mb, which sets the size of the disk
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "disk.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "suites/refused_load.h"

#define MODULE		"blkram"

/* A disk with a size other than the default. */
FIXTURE(size)
{
	struct kmsg log;
};

FIXTURE_VARIANT(size)
{
	const char *params;
	long mib;
	const char *log;
};

FIXTURE_VARIANT_ADD(size, smallest)
{
	.params = "blkram_mb=1",
	.mib = 1,
	.log = "blkram: registered /dev/blkram0 (1 MiB)",
};

FIXTURE_VARIANT_ADD(size, odd)
{
	.params = "blkram_mb=13",
	.mib = 13,
	.log = "blkram: registered /dev/blkram0 (13 MiB)",
};

FIXTURE_SETUP(size)
{
	ASSERT_EQ(0, kmsg_open(&self->log));
	ASSERT_EQ(0, module_load(MODULE, variant->params));
}

FIXTURE_TEARDOWN(size)
{
	EXPECT_EQ(0, module_unload(MODULE));
	kmsg_close(&self->log);
}

TEST_F(size, is_that_of_the_parameter)
{
	const long end = variant->mib * DISK_MIB;
	__u64 bytes = 0;
	int fd = disk_open(O_RDWR | O_DIRECT);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, sysret(ioctl(fd, BLKGETSIZE64, &bytes)));
	EXPECT_EQ(end, bytes);
	EXPECT_EQ(DISK_SECTOR, sysret(pwrite(fd, disk_buf, DISK_SECTOR,
					     end - DISK_SECTOR)));
	EXPECT_EQ(-ENOSPC, sysret(pwrite(fd, disk_buf, DISK_SECTOR, end)));
	EXPECT_EQ(0, close(fd));
	EXPECT_LOG(&self->log, variant->log);
}

/* Invalid sizes, and the error that loading returns for each. */
#define REFUSED(variant, params, err)					\
	DESCRIBED(refused, variant, MODULE, DISK, params, err)

/* BLKRAM-2 */
REFUSED(none, "blkram_mb=0", -EINVAL);

/* BLKRAM-3: in bytes, numbers like these do not fit into 64 bits. */
REFUSED(2_to_44, "blkram_mb=17592186044416", -EINVAL);
REFUSED(2_to_44_and_one, "blkram_mb=17592186044417", -EINVAL);
REFUSED(2_to_64_less_one, "blkram_mb=18446744073709551615", -EINVAL);

/* These fit into 64 bits, but not into the memory of a test machine. */
REFUSED(4_tebibytes, "blkram_mb=4194304", -EINVAL);
REFUSED(8_exbibytes, "blkram_mb=8796093022207", -EINVAL);
REFUSED(2_to_64, "blkram_mb=18446744073709551616", -ERANGE);
REFUSED(less_than_none, "blkram_mb=-1", -EINVAL);
REFUSED(word, "blkram_mb=eight", -EINVAL);

TEST_HARNESS_MAIN
