// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual input - devices that are exported and unexported
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <linux/input.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/lacking.h"
#include "lib/module.h"
#include "lib/node.h"
#include "lib/sysret.h"
#include "lib/unprivileged.h"
#include "vinput_device.h"

#define OTHER_NODE	"/dev/another_node"
/* The number of loads in one test.  A hundred would take too long. */
#define NR_LOADS	20

FIXTURE(vinput)
{
	struct kmsg log;
};

FIXTURE_SETUP(vinput)
{
	ASSERT_EQ(0, vinput_begin("vkbd"));
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(vinput)
{
	unlink(OTHER_NODE);
	kmsg_close(&self->log);
	vinput_clear();
}

/*
 * Creates a node of vinput with the minor number @minor, and opens and closes
 * it.  Returns 0 or a negative errno.
 */
static int open_minor(int minor)
{
	dev_t dev = makedev(node_major("vinput"), minor);
	int fd;

	unlink(OTHER_NODE);
	if (mknod(OTHER_NODE, S_IFCHR | 0600, dev))
		return -errno;
	fd = sysret(open(OTHER_NODE, O_RDWR | O_CLOEXEC));
	return fd < 0 ? fd : sysret(close(fd));
}

/* VINPUT-15 */
TEST_F(vinput, has_two_files_that_only_root_may_write)
{
	static const char * const paths[] = { VINPUT_EXPORT, VINPUT_UNEXPORT };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		EXPECT_FILE_OF_ROOT(S_IFREG | 0200, paths[i]);
		EXPECT_EQ(-EACCES, sysret(open(paths[i], O_RDONLY)));
		EXPECT_EQ(-EACCES, sysret(open(paths[i], O_RDWR)));
	}
	EXPECT_EQ(-EACCES, unprivileged_opens(VINPUT_CLASS, "export", O_WRONLY));
	EXPECT_EQ(-EACCES, unprivileged_opens(VINPUT_CLASS, "unexport", O_WRONLY));
}

TEST_F(vinput, export_takes_a_name_with_and_without_a_newline)
{
	EXPECT_EQ(4, file_write(VINPUT_EXPORT, "vkbd"));
	EXPECT_EQ(5, file_write(VINPUT_EXPORT, "vkbd\n"));
	EXPECT_EQ(2, vinput_count());
}

/* VINPUT-11 */
TEST_F(vinput, export_takes_nothing_but_the_name)
{
	static const struct vinput_row rows[] = {
		{ "vkb", -ENODEV },	 { "vkbdX", -ENODEV },
		{ " vkbd", -ENODEV },	 { "vkbd ", -ENODEV },
		{ "vkbd\n\n", -ENODEV }, { "vkbd\nvkbd", -ENODEV },
		{ "VKBD", -ENODEV },	 { "vkbdvkbdvkbdvkbd", -ENODEV },
		{ "\n", -ENODEV },	 { "", 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		EXPECT_EQ(rows[i].answer, file_write(VINPUT_EXPORT, rows[i].text))
			TH_LOG("\"%s\"", rows[i].text);
	}
	EXPECT_EQ(0, vinput_count());
	EXPECT_NO_LOG(&self->log);
}

/* VINPUT-17 */
TEST_F(vinput, unexport_takes_nothing_but_a_number_of_a_device)
{
	static const struct vinput_row rows[] = {
		{ "1", -ENODEV },	   { "31", -ENODEV },
		{ "32", -ENODEV },	   { "4294967295", -ENODEV },
		{ "4294967296", -ERANGE }, { "99999999999999999999", -ERANGE },
		{ "-1", -EINVAL },	   { "-99999999999999999999", -EINVAL },
		{ "vkbd", -EINVAL },	   { "\n", -EINVAL },
		{ "0x0", -EINVAL },	   { " 0", -EINVAL },
		{ "0 ", -EINVAL },	   { "0 0", -EINVAL },
		{ "0\n\n", -EINVAL },	   { "", 0 },
	};
	size_t i;

	ASSERT_EQ(0, vinput_export("vkbd"));
	ASSERT_EQ(0, kmsg_skip(&self->log));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		EXPECT_EQ(rows[i].answer,
			  file_write(VINPUT_UNEXPORT, rows[i].text))
			TH_LOG("\"%s\"", rows[i].text);
	}
	EXPECT_TRUE(vinput_has(0));
	EXPECT_EQ(1, vinput_count());
	EXPECT_NO_LOG(&self->log);
}

TEST_F(vinput, unexport_takes_a_number_with_and_without_a_newline)
{
	ASSERT_EQ(0, vinput_export("vkbd"));
	ASSERT_EQ(0, vinput_export("vkbd"));

	EXPECT_EQ(1, file_write(VINPUT_UNEXPORT, "1"));
	EXPECT_EQ(2, file_write(VINPUT_UNEXPORT, "0\n"));
	EXPECT_EQ(0, vinput_count());
	EXPECT_EQ(-ENODEV, vinput_unexport(0));
}

TEST_F(vinput, device_has_the_lowest_number_that_is_free)
{
	int i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, vinput_export("vkbd"));
		EXPECT_TRUE(vinput_has(i));
	}
	EXPECT_EQ(0, vinput_unexport(1));
	EXPECT_FALSE(vinput_has(1));
	EXPECT_TRUE(vinput_has(0) && vinput_has(2));

	EXPECT_EQ(0, vinput_export("vkbd"));
	EXPECT_TRUE(vinput_has(1));
	EXPECT_EQ(3, vinput_count());
}

TEST_F(vinput, there_are_32_devices_and_no_more)
{
	int i;

	for (i = 0; i < MAX_VINPUT; i++)
		ASSERT_EQ(0, vinput_export("vkbd"));
	EXPECT_EQ(MAX_VINPUT, vinput_count());
	EXPECT_EQ(-ENOBUFS, vinput_export("vkbd"));
	EXPECT_EQ(-ENODEV, vinput_export("unknown"));

	EXPECT_EQ(0, vinput_unexport(MAX_VINPUT - 1));
	EXPECT_EQ(0, vinput_unexport(17));
	EXPECT_EQ(0, vinput_export("vkbd"));
	EXPECT_TRUE(vinput_has(17));
	EXPECT_EQ(0, vinput_export("vkbd"));
	EXPECT_EQ(-ENOBUFS, vinput_export("vkbd"));
}

TEST_F(vinput, types_share_the_numbers_and_go_alone)
{
	EXPECT_EQ(-ENODEV, vinput_export("vmouse"));
	ASSERT_EQ(0, module_load("vmouse", ""));
	EXPECT_EQ(0, vinput_export("vkbd"));
	EXPECT_EQ(0, vinput_export("vmouse"));
	EXPECT_EQ(0, vinput_export("vkbd"));

	EXPECT_EQ(0, module_unload("vkbd"));
	EXPECT_EQ(1, vinput_count());
	EXPECT_TRUE(vinput_has(1));
	EXPECT_EQ(-ENODEV, vinput_export("vkbd"));
	EXPECT_EQ(0, vinput_export("vmouse"));
	EXPECT_TRUE(vinput_has(0));
	EXPECT_EQ(0, module_unload("vmouse"));
	EXPECT_EQ(0, vinput_count());
}

TEST_F(vinput, node_is_for_root_only)
{
	struct stat st;

	ASSERT_EQ(0, vinput_export("vkbd"));
	ASSERT_EQ(0, vinput_export("vkbd"));

	EXPECT_FILE_OF_ROOT(S_IFCHR | 0600, vinput_path(1));
	ASSERT_EQ(0, stat(vinput_path(1), &st));
	EXPECT_EQ(node_major("vinput"), (int)major(st.st_rdev));
	EXPECT_EQ(1, minor(st.st_rdev));
	EXPECT_EQ(-EACCES, unprivileged_opens("/dev", "vinput1", O_RDONLY));
	EXPECT_EQ(-EACCES, unprivileged_opens("/dev", "vinput1", O_WRONLY));
}

TEST_F(vinput, number_without_a_device_cannot_be_opened)
{
	ASSERT_EQ(0, vinput_export("vkbd"));

	EXPECT_EQ(0, open_minor(0));
	EXPECT_EQ(-ENODEV, open_minor(1));
	EXPECT_EQ(-ENODEV, open_minor(MAX_VINPUT - 1));
	EXPECT_EQ(-ENXIO, open_minor(MAX_VINPUT));

	EXPECT_EQ(0, vinput_unexport(0));
	EXPECT_EQ(-ENODEV, open_minor(0));
}

TEST_F(vinput, export_logs_what_the_kernel_says_of_an_input_device)
{
	char line[128];
	char path[128];

	ASSERT_EQ(0, vinput_export("vkbd"));
	ASSERT_EQ(0, vinput_find(VINPUT_CLASS "/vinput0/input*", path,
				 sizeof(path)));
	snprintf(line, sizeof(line),
		 "input: vkbd as /devices/virtual/vinput/vinput0/%s",
		 strrchr(path, '/') + 1);
	EXPECT_LOG(&self->log, line);

	ASSERT_EQ(0, vinput_unexport(0));
	EXPECT_NO_LOG(&self->log);
}

/* VINPUT-3, VINPUT-16 */
TEST_F(vinput, stays_as_long_as_there_is_a_type)
{
	EXPECT_EQ(-EWOULDBLOCK, module_unload("vinput"));
	ASSERT_EQ(0, module_unload("vkbd"));
	EXPECT_EQ(0, module_unload("vinput"));
	EXPECT_TRUE(node_is_gone("vinput"));
}

TEST_F(vinput, comes_and_goes_and_leaves_nothing)
{
	int file;
	int i;

	ASSERT_EQ(0, vinput_unload());
	file = module_open("vinput");
	ASSERT_LE(0, file);
	for (i = 0; i < NR_LOADS; i++) {
		ASSERT_EQ(0, module_insert(file, ""));
		ASSERT_EQ(0, module_unload("vinput"));
	}
	EXPECT_TRUE(node_is_gone("vinput"));
	EXPECT_NO_LOG(&self->log);
	close(file);
}

/* The name and the identity of an input device of each type. */
FIXTURE(identity)
{
	char text[64];
	int event;
};

FIXTURE_VARIANT(identity)
{
	const char *type;
};

FIXTURE_VARIANT_ADD(identity, vkbd) { .type = "vkbd" };
FIXTURE_VARIANT_ADD(identity, vmouse) { .type = "vmouse" };

FIXTURE_SETUP(identity)
{
	SKIP_IF_LACKING(return, evdev_lacking());
	ASSERT_EQ(0, vinput_begin(variant->type));
	ASSERT_EQ(0, vinput_export(variant->type));
	self->event = vinput_event_open(0);
	ASSERT_LE(0, self->event);
}

FIXTURE_TEARDOWN(identity)
{
	close(self->event);
	vinput_clear();
}

TEST_F(identity, is_that_of_the_type_and_of_vinput)
{
	struct input_id id;

	EXPECT_LT(0, ioctl(self->event, EVIOCGNAME(64), self->text));
	EXPECT_STREQ(variant->type, self->text);
	EXPECT_LT(0, ioctl(self->event, EVIOCGPHYS(64), self->text));
	EXPECT_STREQ("vinput", self->text);
	EXPECT_EQ(-ENOENT, sysret(ioctl(self->event, EVIOCGUNIQ(64),
					self->text)));

	memset(&id, FILE_POISON, sizeof(id));
	ASSERT_EQ(0, ioctl(self->event, EVIOCGID, &id));
	EXPECT_EQ(BUS_VIRTUAL, id.bustype);
	EXPECT_EQ(0, id.vendor);
	EXPECT_EQ(0, id.product);
	EXPECT_EQ(0, id.version);
}

TEST_HARNESS_MAIN
