// SPDX-License-Identifier: GPL-2.0
/*
 * Chardev 2 - the ioctls of /dev/char_dev, from 64-bit and 32-bit programs
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "chardev2.h"
#include "lib/file.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/usermem.h"

#define IS_64	(sizeof(long) == 8)

/*
 * .too_long is longer than the module's buffer, and differs from itself if it
 * is shifted.
 */
FIXTURE(ioctls)
{
	struct usermem mem;
	char too_long[2 * BUF_LEN];
	int fd;
};

FIXTURE_SETUP(ioctls)
{
	size_t i;

	for (i = 0; i < sizeof(self->too_long) - 1; i++)
		self->too_long[i] = 'a' + (i + i / 26) % 26;
	ASSERT_EQ(0, usermem_init(&self->mem));
	ASSERT_EQ(0, module_reload("chardev2", ""));
	self->fd = chardev2_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(ioctls)
{
	close(self->fd);
	usermem_destroy(&self->mem);
	EXPECT_EQ(0, module_unload("chardev2"));
}

/*
 * Compares the message with @text, and checks that no byte after its NUL is
 * written.  Returns what is wrong, or "".
 */
static const char *wrong_with_message(int fd, const char *text)
{
	char room[CHARDEV2_ROOM];
	int err = chardev2_get(fd, room);

	if (err)
		return strerror(-err);
	if (file_unpoisoned(room, CHARDEV2_ROOM) != strlen(text) + 1)
		return "more or less was written than the message and its NUL";
	return strcmp(text, room) ? "another message was written" : "";
}

/* A macro, so that a failed expectation reports the line of the test. */
#define EXPECT_MESSAGE(self, text)	\
	EXPECT_STREQ("", wrong_with_message((self)->fd, text))

/* CHARDEV2-14 */
TEST(numbers_are_those_of_the_guide)
{
	EXPECT_EQ(IS_64 ? 0x40086400 : 0x40046400, IOCTL_SET_MSG);
	EXPECT_EQ(IS_64 ? 0x80086401 : 0x80046401, IOCTL_GET_MSG);
	EXPECT_EQ(0xc0046402, IOCTL_GET_NTH_BYTE);
}

TEST_F(ioctls, message_is_empty_before_it_is_set)
{
	EXPECT_MESSAGE(self, "");
	EXPECT_EQ(0, chardev2_byte(self->fd, 0));
}

/* CHARDEV2-14 */
TEST_F(ioctls, message_is_what_was_set)
{
	EXPECT_EQ(0, chardev2_set(self->fd, "abc"));

	EXPECT_MESSAGE(self, "abc");
	EXPECT_EQ('c', chardev2_byte(self->fd, 2));
}

TEST_F(ioctls, message_is_that_of_the_file)
{
	char text[16] = "";

	EXPECT_EQ(0, chardev2_set(self->fd, "abc"));
	EXPECT_EQ(3, sysret(pread(self->fd, text, sizeof(text), 0)));
	EXPECT_STREQ("abc", text);

	EXPECT_EQ(2, sysret(pwrite(self->fd, "de", 2, 3)));
	EXPECT_MESSAGE(self, "abcde");
	EXPECT_EQ(0, lseek(self->fd, 0, SEEK_CUR));
}

/* CHARDEV2-7 */
TEST_F(ioctls, message_can_be_set_to_nothing)
{
	EXPECT_EQ(0, chardev2_set(self->fd, "abc"));
	EXPECT_EQ(0, chardev2_set(self->fd, ""));

	EXPECT_MESSAGE(self, "");
	EXPECT_EQ(0, chardev2_byte(self->fd, 0));
}

/*
 * CHARDEV2-7, CHARDEV2-9: the driver writes no more than the message and its
 * NUL.
 */
TEST_F(ioctls, message_may_have_every_length)
{
	char text[BUF_LEN + 1] = "";
	int len;

	for (len = 0; len <= BUF_LEN; len++) {
		memcpy(text, self->too_long, len);
		EXPECT_EQ(0, chardev2_set(self->fd, text));
		EXPECT_MESSAGE(self, text);
	}
	for (; len--; text[len ? len - 1 : 0] = '\0') {
		EXPECT_EQ(0, chardev2_set(self->fd, text));
		EXPECT_MESSAGE(self, text);
	}
}

TEST_F(ioctls, message_that_is_too_long_is_cut)
{
	static char text[4097];
	char start[BUF_LEN + 1] = "";

	memcpy(start, self->too_long, BUF_LEN);
	EXPECT_EQ(0, chardev2_set(self->fd, self->too_long));
	EXPECT_MESSAGE(self, start);

	memset(text, 'x', sizeof(text) - 1);
	memset(start, 'x', BUF_LEN);
	EXPECT_EQ(0, chardev2_set(self->fd, text));
	EXPECT_MESSAGE(self, start);
}

/* CHARDEV2-9: the driver does not read past the end of the message. */
TEST_F(ioctls, message_may_end_where_its_memory_does)
{
	char text[BUF_LEN + 1] = "";

	memcpy(self->mem.border - 4, "abc", 4);
	EXPECT_EQ(0, chardev2_set(self->fd, self->mem.border - 4));
	EXPECT_MESSAGE(self, "abc");

	memcpy(text, self->too_long, BUF_LEN);
	memcpy(self->mem.border - BUF_LEN, text, BUF_LEN);
	EXPECT_EQ(0, chardev2_set(self->fd, self->mem.border - BUF_LEN));
	EXPECT_MESSAGE(self, text);
}

/* CHARDEV2-9 */
TEST_F(ioctls, message_needs_no_more_room_than_it_has_bytes)
{
	EXPECT_EQ(0, chardev2_set(self->fd, "abc"));

	EXPECT_EQ(0, sysret(ioctl(self->fd, IOCTL_GET_MSG,
				  self->mem.border - 4)));
	EXPECT_STREQ("abc", self->mem.border - 4);
}

/* CHARDEV2-4 */
TEST_F(ioctls, message_is_not_set_from_a_bad_pointer)
{
	int kind;

	ASSERT_EQ(0, chardev2_set(self->fd, "hello"));
	memset(self->mem.border - USERMEM_GOOD_BYTES, 'x', USERMEM_GOOD_BYTES);
	for (kind = 0; kind < NR_USERMEM_KINDS; kind++) {
		EXPECT_EQ(-EFAULT,
			  chardev2_set(self->fd,
				       usermem_addr(&self->mem, kind)));
		EXPECT_MESSAGE(self, "hello");
	}
}

/* CHARDEV2-4 */
TEST_F(ioctls, message_is_not_got_with_a_bad_pointer)
{
	int kind;

	ASSERT_EQ(0, chardev2_set(self->fd, "hello"));
	for (kind = 0; kind < NR_USERMEM_KINDS; kind++) {
		EXPECT_EQ(-EFAULT,
			  sysret(ioctl(self->fd, IOCTL_GET_MSG,
				       usermem_addr(&self->mem, kind))));
		EXPECT_MESSAGE(self, "hello");
	}
}

TEST_F(ioctls, message_is_got_up_to_its_first_nul)
{
	EXPECT_EQ(5, sysret(pwrite(self->fd, "ab\0cd", 5, 0)));

	EXPECT_MESSAGE(self, "ab");
	EXPECT_EQ(0, chardev2_byte(self->fd, 2));
	EXPECT_EQ('d', chardev2_byte(self->fd, 4));
}

/* CHARDEV2-2 */
TEST_F(ioctls, byte_of_every_value_is_0_to_255)
{
	char byte;
	int i;

	for (i = 0; i < 256; i++) {
		byte = i;
		ASSERT_EQ(1, sysret(pwrite(self->fd, &byte, 1, 0)));
		EXPECT_EQ(i, chardev2_byte(self->fd, 0));
	}
}

/* CHARDEV2-18 */
TEST_F(ioctls, byte_behind_the_message_is_0)
{
	int i;

	EXPECT_EQ(11, sysret(pwrite(self->fd, "hello world", 11, 0)));
	EXPECT_EQ(2, sysret(pwrite(self->fd, "HI", 2, 0)));

	EXPECT_EQ('H', chardev2_byte(self->fd, 0));
	EXPECT_EQ('I', chardev2_byte(self->fd, 1));
	for (i = 2; i <= BUF_LEN; i++)
		EXPECT_EQ(0, chardev2_byte(self->fd, i));
}

/* CHARDEV2-18 */
TEST_F(ioctls, byte_behind_a_full_message_is_0)
{
	EXPECT_EQ(0, chardev2_set(self->fd, self->too_long));

	EXPECT_EQ(self->too_long[BUF_LEN - 1],
		  chardev2_byte(self->fd, BUF_LEN - 1));
	EXPECT_EQ(0, chardev2_byte(self->fd, BUF_LEN));
}

/* CHARDEV2-1: an index past the end returned any byte of kernel memory. */
TEST_F(ioctls, byte_there_is_no_room_for_returns_einval)
{
	static const unsigned long indices[] = {
		BUF_LEN + 1, BUF_LEN + 2, 4096, SHRT_MAX, INT_MAX,
		INT_MAX + 1UL, UINT_MAX - 1, UINT_MAX, LONG_MAX, LONG_MAX + 1UL,
		-4096UL, -(unsigned long)BUF_LEN, -2UL, -1UL,
	};
	size_t i;

	ASSERT_EQ(0, chardev2_set(self->fd, self->too_long));
	for (i = BUF_LEN + 1; i < 256; i++)
		EXPECT_EQ(-EINVAL, chardev2_byte(self->fd, i));
	for (i = 0; i < ARRAY_SIZE(indices); i++)
		EXPECT_EQ(-EINVAL, chardev2_byte(self->fd, indices[i]))
			TH_LOG("byte %lu", indices[i]);
}

/*
 * CHARDEV2-5: the last two commands encode the size of a pointer in a program
 * of the other word size.
 */
TEST_F(ioctls, unknown_command_returns_enotty)
{
	static const unsigned int commands[] = {
		0, 0xdead, UINT_MAX, _IO(MAJOR_NUM, 0), _IO(MAJOR_NUM, 2),
		_IOR(MAJOR_NUM, 0, char *), _IOW(MAJOR_NUM, 1, char *),
		_IOW(MAJOR_NUM, 2, int), _IOWR(MAJOR_NUM, 3, int),
		_IOW(MAJOR_NUM + 1, 0, char *), FIONREAD, TCGETS,
		_IOC(_IOC_WRITE, MAJOR_NUM, 0, 12 - sizeof(char *)),
		_IOC(_IOC_READ, MAJOR_NUM, 1, 12 - sizeof(char *)),
	};
	size_t i;

	ASSERT_EQ(0, chardev2_set(self->fd, "hello"));
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		EXPECT_EQ(-ENOTTY, sysret(ioctl(self->fd, commands[i],
						"other")))
			TH_LOG("command %#x", commands[i]);
	EXPECT_MESSAGE(self, "hello");
}

TEST_HARNESS_MAIN
