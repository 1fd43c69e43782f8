// SPDX-License-Identifier: GPL-2.0
/*
 * Chardev 2 - /dev/char_dev, which is written and read as a message file
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "chardev2.h"
#include "device_tests.h"
#include "lib/elf_module.h"
#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/node.h"
#include "lib/sysret.h"
#include "suites/load_race.h"
#include "suites/message_file.h"
#include "suites/message_file_share.h"
#include "suites/module_ref.h"
#include "suites/readable_file.h"

#include "chardev2_module.h"

#define FULL	"01234567890123456789012345678901234567890123456789" \
		"abcdefghijklmnopqrstuvwxyzabcd"
#define COPY	"chardev3"

FIXTURE_VARIANT_ADD(device, char_dev)
{
	.module = "chardev2",
	.name = DEVICE_FILE_NAME,
	.major = 100,
};

FIXTURE_VARIANT_ADD(readable, char_dev_empty)
{
	.module = "chardev2",
	.path = DEVICE_PATH,
	.content = "",
};

FIXTURE_VARIANT_ADD(readable, char_dev_full)
{
	.module = "chardev2",
	.path = DEVICE_PATH,
	.write = FULL,
	.content = FULL,
};

FIXTURE_VARIANT_ADD(message, char_dev)
{
	.module = "chardev2",
	.path = DEVICE_PATH,
	.first = "",
	.capacity = BUF_LEN,
};

/* Loads a copy of the module under another name. */
static int load_copy(void)
{
	struct ko ko = { .map = NULL };
	struct ko_section section;
	char *name;
	int fd;
	int err;

	fd = module_open("chardev2");
	if (fd < 0)
		return fd;
	err = ko_map(&ko, fd);
	close(fd);
	if (err)
		return err;

	section = ko_section(&ko, ".gnu.linkonce.this_module");
	name = memmem(section.data, section.size, "chardev2",
		      sizeof("chardev2"));
	if (!name || mprotect((void *)ko.map, ko.size, PROT_READ | PROT_WRITE))
		return -ENOEXEC;
	memcpy(name, COPY, sizeof(COPY));
	err = sysret(syscall(SYS_init_module, ko.map, ko.size, ""));
	ko_unmap(&ko);
	return err;
}

FIXTURE(chardev2)
{
	struct kmsg log;
	char room[CHARDEV2_ROOM];
	int fd;
};

FIXTURE_SETUP(chardev2)
{
	ASSERT_EQ(0, module_reload("chardev2", ""));
	ASSERT_EQ(0, kmsg_open(&self->log));
	self->fd = chardev2_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(chardev2)
{
	close(self->fd);
	kmsg_close(&self->log);
	module_unload("chardev2");
	module_unload(COPY);
}

TEST_F(chardev2, load_logs_the_node)
{
	close(self->fd);
	ASSERT_EQ(0, module_reload("chardev2", ""));

	EXPECT_LOG(&self->log, "Device created on /dev/char_dev");
}

/* CHARDEV2-16 */
TEST_F(chardev2, logs_no_use_and_not_its_going)
{
	EXPECT_EQ(3, sysret(write(self->fd, "abc", 3)));
	EXPECT_EQ(0, chardev2_set(self->fd, "abc"));
	EXPECT_EQ(0, chardev2_get(self->fd, self->room));
	EXPECT_EQ('a', chardev2_byte(self->fd, 0));
	close(self->fd);
	ASSERT_EQ(0, module_unload("chardev2"));

	kmsg_end();
	EXPECT_NO_LOG(&self->log);
}

TEST_F(chardev2, has_minor_0_of_major_100)
{
	struct stat st;

	ASSERT_EQ(0, fstat(self->fd, &st));
	EXPECT_EQ(makedev(100, 0), st.st_rdev);
}

/*
 * CHARDEV2-8: the original device was documented as exclusive; this device is
 * not exclusive.
 */
TEST_F(chardev2, can_be_open_more_than_once)
{
	int fd = sysret(open(DEVICE_PATH, O_RDWR | O_NONBLOCK | O_CLOEXEC));
	char text[16] = "";

	ASSERT_LE(0, fd);
	EXPECT_EQ(3, sysret(write(self->fd, "abc", 3)));
	EXPECT_EQ(3, sysret(read(fd, text, sizeof(text))));
	EXPECT_STREQ("abc", text);
	EXPECT_EQ(1, sysret(write(fd, "d", 1)));
	EXPECT_EQ(4, file_read(DEVICE_PATH, text, sizeof(text)));
	EXPECT_STREQ("abcd", text);
	close(fd);
}

/* CHARDEV2-10: the test continues after a short write, as programs do. */
TEST_F(chardev2, keeps_the_start_of_what_is_too_long)
{
	static const char text[] = FULL "0123456789ABCDEFGHIJ";

	EXPECT_EQ(80, sysret(write(self->fd, text, 100)));
	EXPECT_EQ(-ENOSPC, sysret(write(self->fd, text + 80, 20)));

	EXPECT_EQ(80, file_read(DEVICE_PATH, self->room, CHARDEV2_ROOM));
	EXPECT_STREQ(FULL, self->room);
}

TEST_F(chardev2, is_appended_to_by_who_opens_it_so)
{
	int fd = sysret(open(DEVICE_PATH, O_WRONLY | O_APPEND | O_CLOEXEC));

	ASSERT_LE(0, fd);
	EXPECT_EQ(3, file_write(DEVICE_PATH, "abc"));
	EXPECT_EQ(2, sysret(write(fd, "de", 2)));
	EXPECT_EQ(5, file_read(DEVICE_PATH, self->room, CHARDEV2_ROOM));
	EXPECT_STREQ("abcde", self->room);
	close(fd);
}

TEST_F(chardev2, keeps_its_message_without_an_opener)
{
	EXPECT_EQ(3, sysret(write(self->fd, "abc", 3)));
	close(self->fd);

	EXPECT_EQ(3, file_read(DEVICE_PATH, self->room, CHARDEV2_ROOM));
	EXPECT_STREQ("abc", self->room);
}

TEST_F(chardev2, forgets_its_message_when_it_goes)
{
	EXPECT_EQ(3, sysret(write(self->fd, "abc", 3)));
	close(self->fd);
	ASSERT_EQ(0, module_reload("chardev2", ""));

	EXPECT_EQ(0, file_read(DEVICE_PATH, self->room, CHARDEV2_ROOM));
}

/* CHARDEV2-15 */
TEST_F(chardev2, load_returns_ebusy_where_the_number_is_taken)
{
	EXPECT_EQ(-EBUSY, load_copy());
	EXPECT_FALSE(module_is_loaded(COPY));
	EXPECT_EQ(100, node_major(DEVICE_FILE_NAME));
	EXPECT_EQ(3, sysret(write(self->fd, "abc", 3)));
	close(self->fd);

	ASSERT_EQ(0, module_unload("chardev2"));
	EXPECT_EQ(0, load_copy());
	EXPECT_EQ(100, node_major(DEVICE_FILE_NAME));
}

TEST_HARNESS_MAIN
