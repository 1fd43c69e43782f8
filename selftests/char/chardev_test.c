// SPDX-License-Identifier: GPL-2.0
/*
 * Chardev - /dev/chardev, which reports how often it has been opened
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "device_tests.h"
#include "exclusive_tests.h"
#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/node.h"
#include "lib/shared.h"
#include "lib/sysret.h"
#include "lib/usermem.h"
#include "suites/load_race.h"
#include "suites/module_ref.h"
#include "suites/readable_file.h"

#include "chardev_module.h"

#define CHARDEV		"/dev/chardev"
#define NR_FLOOD	1000
#define NR_FLOOD_LOGS	50
#define SORRY		"Sorry, this operation is not supported."

FIXTURE_VARIANT_ADD(device, chardev)
{
	.module = "chardev",
	.name = "chardev",
	.len = 40,
};

FIXTURE_VARIANT_ADD(exclusive, chardev)
{
	.module = "chardev",
	.path = CHARDEV,
};

FIXTURE_VARIANT_ADD(readable, chardev)
{
	.module = "chardev",
	.path = CHARDEV,
	.content = "I already told you 0 times Hello world!\n",
};

/*
 * Returns the number in the content of an open file, which must be one line.
 * Returns a negative errno if the content is another text.
 */
static int number_of(int fd)
{
	char want[64];
	char text[64];
	int number;
	long len = sysret(pread(fd, text, sizeof(text) - 1, 0));

	if (len < 0)
		return len;

	text[len] = '\0';
	if (sscanf(text, "I already told you %d times", &number) != 1)
		return -ENODATA;
	snprintf(want, sizeof(want),
		 "I already told you %d times Hello world!\n", number);
	return strcmp(want, text) ? -EBADMSG : number;
}

/* Opens the device, reads it as cat does, and returns the number. */
static int cat(void)
{
	int fd = sysret(open(CHARDEV, O_RDONLY | O_CLOEXEC));
	int number;

	if (fd < 0)
		return fd;

	number = number_of(fd);
	close(fd);
	return number;
}

FIXTURE(chardev)
{
	struct kmsg log;
	int fd;
};

FIXTURE_SETUP(chardev)
{
	ASSERT_EQ(0, module_reload("chardev", ""));
	ASSERT_EQ(0, kmsg_open(&self->log));
	self->fd = open(CHARDEV, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(chardev)
{
	close(self->fd);
	kmsg_close(&self->log);
	module_unload("chardev");
}

TEST_F(chardev, load_logs_the_number_and_the_node)
{
	char line[64];

	close(self->fd);
	ASSERT_EQ(0, module_reload("chardev", ""));

	snprintf(line, sizeof(line), "I was assigned major number %d.",
		 node_major("chardev"));
	EXPECT_LOG(&self->log, line, "Device created on /dev/chardev");
}

TEST_F(chardev, logs_neither_opens_nor_reads_nor_its_going)
{
	EXPECT_EQ(0, number_of(self->fd));
	EXPECT_EQ(0, close(self->fd));
	EXPECT_EQ(1, cat());
	ASSERT_EQ(0, module_unload("chardev"));

	EXPECT_NO_LOG(&self->log);
}

TEST_F(chardev, counts_from_0)
{
	int i;

	EXPECT_EQ(0, number_of(self->fd));
	close(self->fd);
	for (i = 1; i < 12; i++)
		EXPECT_EQ(i, cat());
}

TEST_F(chardev, counts_from_0_again_after_the_next_load)
{
	close(self->fd);
	EXPECT_EQ(1, cat());
	ASSERT_EQ(0, module_reload("chardev", ""));
	EXPECT_EQ(0, cat());
}

/* CHARDEV-7 */
TEST_F(chardev, counts_an_open_that_does_not_read)
{
	int i;

	close(self->fd);
	for (i = 1; i < 4; i++) {
		self->fd = open(CHARDEV, O_WRONLY | O_CLOEXEC);
		ASSERT_LE(0, self->fd);
		close(self->fd);
	}
	EXPECT_EQ(4, cat());
}

/* CHARDEV-7 */
TEST_F(chardev, counts_an_open_once_however_often_it_reads)
{
	char byte;

	EXPECT_EQ(0, number_of(self->fd));
	EXPECT_EQ(0, number_of(self->fd));
	EXPECT_EQ(1, sysret(read(self->fd, &byte, 1)));
	EXPECT_EQ(0, lseek(self->fd, 0, SEEK_SET));
	EXPECT_EQ(0, number_of(self->fd));
	close(self->fd);

	EXPECT_EQ(1, cat());
}

TEST_F(chardev, counts_no_open_that_was_refused)
{
	EXPECT_EQ(-EBUSY, cat());
	EXPECT_EQ(-EBUSY, cat());
	EXPECT_EQ(0, number_of(self->fd));
	close(self->fd);

	EXPECT_EQ(1, cat());
}

/*
 * CHARDEV-8: each open sees the state that the last release has stored, on
 * whichever CPU that release ran.
 */
TEST_F(chardev, counts_every_open_of_a_crowd)
{
	struct exclusive_room *room;

	room = shared_alloc(sizeof(*room));
	ASSERT_NE(NULL, room);
	room->path = CHARDEV;
	close(self->fd);

	EXPECT_EQ(0, exclusive_run_crowd(room));
	EXPECT_EQ(1 + room->nr_opens, cat());
	shared_free(room, sizeof(*room));
}

TEST_F(chardev, cannot_be_written)
{
	EXPECT_EQ(-EINVAL, sysret(write(self->fd, "hi", 2)));
	EXPECT_EQ(-EINVAL, sysret(pwrite(self->fd, "hi", 2, 5)));

	EXPECT_EQ(0, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_EQ(0, number_of(self->fd));
	EXPECT_LOG(&self->log, SORRY, SORRY);
}

/*
 * Returns what a write of four bytes must return.  The kernel refuses an address
 * that no user can have before it calls a driver.  It does so for /dev/null,
 * too, which accepts any other buffer.  On an architecture whose users can have
 * every address, it refuses none.
 */
static long refusal(const void *addr)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	long ret = sysret(write(fd, addr, 4));

	close(fd);
	return ret == 4 ? -EINVAL : ret;
}

TEST_F(chardev, cannot_be_written_from_a_bad_buffer_either)
{
	struct usermem mem;
	int kind;

	ASSERT_EQ(0, usermem_init(&mem));
	for (kind = 0; kind < NR_USERMEM_KINDS; kind++) {
		const void *addr = usermem_addr(&mem, kind);

		if (kind != USERMEM_OF_THE_KERNEL)
			EXPECT_EQ(-EINVAL, refusal(addr));
		EXPECT_EQ(refusal(addr), sysret(write(self->fd, addr, 4)));
	}
	EXPECT_EQ(0, number_of(self->fd));
	usermem_destroy(&mem);
}

/* CHARDEV-9 */
TEST_F(chardev, does_not_let_a_writer_flood_the_log)
{
	int nr;
	int i;

	for (i = 0; i < NR_FLOOD; i++)
		ASSERT_EQ(-EINVAL, sysret(write(self->fd, "flood", 5)));

	nr = kmsg_count(&self->log, SORRY);
	EXPECT_LT(0, nr);
	EXPECT_GE(NR_FLOOD_LOGS, nr);
}

TEST_HARNESS_MAIN
