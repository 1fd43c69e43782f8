/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Device - number, node, class and permissions of a character device
 *
 * A test program includes this file and adds a variant for each device that it
 * tests.
 */
#ifndef _SELFTESTS_CHAR_DEVICE_TESTS_H
#define _SELFTESTS_CHAR_DEVICE_TESTS_H

#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/module.h"
#include "lib/node.h"
#include "lib/sysret.h"
#include "lib/task.h"

/* A second node of the device, which the test creates, not the module. */
#define DEVICE_OTHER_NODE	"/dev/another_node"
#define DEVICE_MAX_LEN		8192

struct device_open {
	const char *path;
	int flags;
};

static inline int device_open_as_nobody(void *arg)
{
	struct device_open *open_args = arg;
	int ret = task_become_nobody();

	if (!ret)
		ret = sysret(open(open_args->path,
				  open_args->flags | O_CLOEXEC));
	return ret < 0 ? ret : 0;
}

FIXTURE(device)
{
	char path[NODE_MAX_PATH];
};

/*
 * .major is the major number, or 0 if it may be any.  .len is the length of the
 * content, or -1 if the content has no end.
 */
FIXTURE_VARIANT(device)
{
	const char *module;
	const char *name;
	int major;
	int len;
};

FIXTURE_SETUP(device)
{
	node_path(self->path, variant->name);
	ASSERT_EQ(0, module_reload(variant->module, ""));
}

FIXTURE_TEARDOWN(device)
{
	unlink(DEVICE_OTHER_NODE);
	module_unload(variant->module);
}

TEST_F(device, has_a_number)
{
	int major = node_major(variant->name);

	EXPECT_LT(0, major);
	if (variant->major)
		EXPECT_EQ(variant->major, major);
}

/* IOCTL-9 */
TEST_F(device, has_a_node_for_root_only)
{
	struct stat st;

	EXPECT_FILE_OF_ROOT(S_IFCHR | 0600, self->path);
	ASSERT_EQ(0, stat(self->path, &st));
	EXPECT_EQ(node_major(variant->name), (int)major(st.st_rdev));
	EXPECT_EQ(0, minor(st.st_rdev));
}

TEST_F(device, has_a_class_of_its_own)
{
	char path[NODE_MAX_PATH];
	char number[32];
	char text[32];

	snprintf(path, sizeof(path), "/sys/class/%s/%s/dev", variant->name,
		 variant->name);
	snprintf(number, sizeof(number), "%d:0\n", node_major(variant->name));
	ASSERT_LT(0, file_read(path, text, sizeof(text)));
	EXPECT_STREQ(number, text);
}

TEST_F(device, cannot_be_opened_by_nobody)
{
	static const int flags[] = { O_RDONLY, O_WRONLY, O_RDWR };
	struct device_open args = { .path = self->path };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		args.flags = flags[i];
		EXPECT_EQ(-EACCES, task_run(device_open_as_nobody, &args));
	}
}

TEST_F(device, is_gone_with_its_module)
{
	ASSERT_EQ(0, module_unload(variant->module));

	EXPECT_TRUE(node_is_gone(variant->name));
	EXPECT_EQ(-ENOENT, sysret(open(self->path, O_RDONLY | O_CLOEXEC)));
}

TEST_F(device, has_nothing_behind_its_number_without_the_module)
{
	struct stat st;
	int fd;

	ASSERT_EQ(0, stat(self->path, &st));
	ASSERT_EQ(0, mknod(DEVICE_OTHER_NODE, S_IFCHR | 0600, st.st_rdev));
	fd = sysret(open(DEVICE_OTHER_NODE, O_RDWR | O_CLOEXEC));
	EXPECT_LE(0, fd);
	close(fd);

	ASSERT_EQ(0, module_unload(variant->module));
	EXPECT_EQ(-ENXIO, sysret(open(DEVICE_OTHER_NODE, O_RDWR | O_CLOEXEC)));
}

/*
 * CHARDEV-1, CHARDEV2-3, STATICKEY-1: a read past the end returned kernel
 * memory if that was not zero, so the test reads at every offset.
 */
TEST_F(device, has_nothing_behind_its_end)
{
	char byte = FILE_POISON;
	int fd = sysret(open(self->path, O_RDONLY | O_CLOEXEC));
	int at;

	ASSERT_LE(0, fd);
	for (at = variant->len; at >= 0 && at < DEVICE_MAX_LEN; at++)
		ASSERT_EQ(0, sysret(pread(fd, &byte, 1, at)));
	EXPECT_EQ((char)FILE_POISON, byte);
	close(fd);
}

#endif /* _SELFTESTS_CHAR_DEVICE_TESTS_H */
