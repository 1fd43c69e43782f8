// SPDX-License-Identifier: GPL-2.0
/*
 * Ioctl - the ioctls of /dev/ioctltest, from 64-bit and 32-bit programs
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <limits.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ioctl.h"
#include "ioctltest.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "lib/usermem.h"

#define POISON		0xdeadbeef
#define NR_FLOOD	1000
#define NR_FLOOD_LOGS	50

/* Returns the value of an open file; IOCTL_VALGET and read() must agree. */
static long val_of(int fd)
{
	struct ioctl_arg arg = { .val = POISON };
	unsigned char byte;
	long ret = sysret(ioctl(fd, IOCTL_VALGET, &arg));

	if (!ret)
		ret = sysret(read(fd, &byte, 1));
	if (ret < 0)
		return ret;
	return ret == 1 && byte == arg.val ? byte : -EPROTO;
}

/* Returns 0 if IOCTL_VALGET_NUM returns @num, or a negative errno. */
static int check_num(int fd, int num)
{
	int found = POISON;
	int err = sysret(ioctl(fd, IOCTL_VALGET_NUM, &found));

	return err ? err : found == num ? 0 : -EPROTO;
}

static int set_7_in_child(void *arg)
{
	int *fd = arg;
	int err = ioctl_set_num(*fd, 7);

	return err ? err : ioctl_set_val(*fd, 7);
}

FIXTURE(ioctls)
{
	struct usermem mem;
	struct kmsg log;
	int fd;
};

FIXTURE_SETUP(ioctls)
{
	ASSERT_EQ(0, usermem_init(&self->mem));
	ASSERT_EQ(0, module_reload("ioctl", ""));
	ASSERT_EQ(0, kmsg_open(&self->log));
	self->fd = ioctl_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(ioctls)
{
	close(self->fd);
	kmsg_close(&self->log);
	usermem_destroy(&self->mem);
	EXPECT_EQ(0, module_unload("ioctl"));
}

/* IOCTL-5: IOCTL_VALGET has the number of FS_IOC32_GETFLAGS. */
TEST(numbers_are_those_of_the_guide)
{
	EXPECT_EQ(0x40046600, IOCTL_VALSET);
	EXPECT_EQ(0x80046601, IOCTL_VALGET);
	EXPECT_EQ(0x80046602, IOCTL_VALGET_NUM);
	EXPECT_EQ(0x40046603, IOCTL_VALSET_NUM);
	EXPECT_EQ(0x6603, IOCTL_VALSET_NUM_IO);
	EXPECT_EQ(3, IOCTL_VAL_MAXNR);
	EXPECT_EQ(FS_IOC32_GETFLAGS, IOCTL_VALGET);
}

/*
 * IOCTL-4, IOCTL-5: if a 32-bit program calls IOCTL_VALGET, the kernel takes
 * the command for FS_IOC32_GETFLAGS.
 */
TEST_F(ioctls, val_is_0xff_at_first)
{
	EXPECT_EQ(0xff, val_of(self->fd));
}

/* IOCTL-4 */
TEST_F(ioctls, val_is_what_was_set)
{
	int i;

	for (i = 0; i < 256; i++) {
		ASSERT_EQ(0, ioctl_set_val(self->fd, i));
		ASSERT_EQ(i, val_of(self->fd));
	}
}

/* IOCTL-3 */
TEST_F(ioctls, val_that_is_no_byte_returns_einval)
{
	static const unsigned int vals[] = {
		256, 300, 0x1234, 0xff00, INT_MAX, INT_MAX + 1U, UINT_MAX,
	};
	size_t i;

	ASSERT_EQ(0, ioctl_set_val(self->fd, 7));
	for (i = 0; i < ARRAY_SIZE(vals); i++) {
		EXPECT_EQ(-EINVAL, ioctl_set_val(self->fd, vals[i]));
		EXPECT_EQ(7, val_of(self->fd));
	}
}

/* IOCTL-8 */
TEST_F(ioctls, val_is_each_opens_own)
{
	int fd = ioctl_open();

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, ioctl_set_val(self->fd, 7));
	EXPECT_EQ(0xff, val_of(fd));
	EXPECT_EQ(0, ioctl_set_val(fd, 8));
	EXPECT_EQ(7, val_of(self->fd));
	close(fd);

	fd = ioctl_open();
	EXPECT_EQ(0xff, val_of(fd));
	close(fd);
}

TEST_F(ioctls, val_is_shared_by_duplicates_and_children)
{
	int fd = dup(self->fd);

	EXPECT_EQ(0, ioctl_set_val(self->fd, 6));
	EXPECT_EQ(6, val_of(fd));
	EXPECT_EQ(0, task_run(set_7_in_child, &fd));
	EXPECT_EQ(7, val_of(self->fd));
	close(fd);
}

/* IOCTL-4 */
TEST_F(ioctls, num_is_0_at_first)
{
	EXPECT_EQ(0, check_num(self->fd, 0));
}

/*
 * IOCTL-2, IOCTL-4: the argument is the number itself, although the command
 * encodes a pointer to it.
 */
TEST_F(ioctls, num_is_the_argument)
{
	static const int nums[] = { 1, -1, 0x41414141, INT_MAX, INT_MIN, 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nums); i++) {
		EXPECT_EQ(0, ioctl_set_num(self->fd, nums[i]));
		EXPECT_EQ(0, check_num(self->fd, nums[i]));
	}
}

/* IOCTL-2 */
TEST_F(ioctls, num_has_a_second_command)
{
	EXPECT_EQ(0, sysret(ioctl(self->fd, IOCTL_VALSET_NUM_IO, -5)));
	EXPECT_EQ(0, check_num(self->fd, -5));
}

/* IOCTL-8 */
TEST_F(ioctls, num_is_one_for_all)
{
	int fd = ioctl_open();

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, ioctl_set_num(self->fd, 5));
	EXPECT_EQ(0, check_num(fd, 5));
	close(self->fd);
	EXPECT_EQ(0, task_run(set_7_in_child, &fd));
	close(fd);

	self->fd = ioctl_open();
	EXPECT_EQ(0, check_num(self->fd, 7));
}

TEST_F(ioctls, num_is_0_again_after_the_next_load)
{
	EXPECT_EQ(0, ioctl_set_num(self->fd, 5));
	close(self->fd);
	ASSERT_EQ(0, module_reload("ioctl", ""));

	self->fd = ioctl_open();
	EXPECT_EQ(0, check_num(self->fd, 0));
}

TEST_F(ioctls, bad_pointer_returns_efault)
{
	static const unsigned int commands[] = {
		IOCTL_VALSET, IOCTL_VALGET, IOCTL_VALGET_NUM,
	};
	void *addr;
	size_t i;

	ASSERT_EQ(0, ioctl_set_val(self->fd, 6));
	ASSERT_EQ(0, ioctl_set_num(self->fd, 7));
	for (i = 0; i < ARRAY_SIZE(commands) * NR_USERMEM_KINDS; i++) {
		addr = usermem_addr(&self->mem, i % NR_USERMEM_KINDS);
		EXPECT_EQ(-EFAULT,
			  sysret(ioctl(self->fd, commands[i / NR_USERMEM_KINDS],
				       addr)));
	}
	EXPECT_EQ(6, val_of(self->fd));
	EXPECT_EQ(0, check_num(self->fd, 7));
}

TEST_F(ioctls, unknown_command_returns_enotty)
{
	static const unsigned int commands[] = {
		0, 0xdead, UINT_MAX, _IO(IOC_MAGIC, 0), _IO(IOC_MAGIC, 1),
		_IO(IOC_MAGIC, 2), _IO(IOC_MAGIC, 4), _IOW(IOC_MAGIC, 4, int),
		_IOR(IOC_MAGIC, 3, int), _IOWR(IOC_MAGIC, 0, int),
		_IOR(IOC_MAGIC, 2, short), _IOW(IOC_MAGIC + 1, 0, int),
		FIONREAD, TCGETS,
	};
	unsigned int number = 9;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		EXPECT_EQ(-ENOTTY, sysret(ioctl(self->fd, commands[i],
						&number)))
			TH_LOG("command %#x", commands[i]);
	EXPECT_EQ(9, number);
	EXPECT_EQ(0xff, val_of(self->fd));
	EXPECT_EQ(0, check_num(self->fd, 0));
}

TEST_F(ioctls, log_has_each_val_that_was_set)
{
	EXPECT_EQ(0, ioctl_set_val(self->fd, 0x2a));
	EXPECT_EQ(-EINVAL, ioctl_set_val(self->fd, 0x12a));
	EXPECT_EQ(-EFAULT, sysret(ioctl(self->fd, IOCTL_VALSET, NULL)));
	EXPECT_EQ(0x2a, val_of(self->fd));
	EXPECT_EQ(0, ioctl_set_num(self->fd, 7));
	EXPECT_EQ(0, ioctl_set_val(self->fd, 0));

	EXPECT_LOG(&self->log, "IOCTL set val:2a .", "IOCTL set val:0 .");
}

TEST_F(ioctls, log_cannot_be_flooded)
{
	int nr;
	int i;

	for (i = 0; i < NR_FLOOD; i++)
		ASSERT_EQ(0, ioctl_set_val(self->fd, 7));

	nr = kmsg_count(&self->log, "IOCTL set val:7 .");
	EXPECT_LT(0, nr);
	EXPECT_GE(NR_FLOOD_LOGS, nr);
}

TEST_HARNESS_MAIN
