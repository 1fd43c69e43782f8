// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual mouse - writes to the device, and the events that they cause
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <linux/input.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/lacking.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/usermem.h"
#include "suites/unload_open.h"
#include "vinput_device.h"

#include "vmouse_module.h"

#define LEFT	"key 272 "
#define RIGHT	"key 273 "
#define MIDDLE	"key 274 "
#define SYN	"syn; "

FIXTURE(vmouse)
{
	struct kmsg log;
	int event;
	int fd;
};

FIXTURE_SETUP(vmouse)
{
	SKIP_IF_LACKING(return, evdev_lacking());
	self->fd = vinput_begin_with_device("vmouse");
	ASSERT_LE(0, self->fd);
	self->event = vinput_event_open(0);
	ASSERT_LE(0, self->event);
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(vmouse)
{
	kmsg_close(&self->log);
	close(self->event);
	close(self->fd);
	vinput_clear();
}

TEST_F(vmouse, moves_and_presses)
{
	EXPECT_STREQ("0 0 0\n", vinput_last(self->fd));
	EXPECT_EQ(8, vinput_put(self->fd, "+5 -3 1\n"));
	EXPECT_STREQ("rel 0 5, rel 1 -3, " LEFT "1, " SYN,
		     vinput_events(self->event));
	EXPECT_STREQ("5 -3 1\n", vinput_last(self->fd));
	EXPECT_NO_LOG(&self->log);
}

TEST_F(vmouse, says_nothing_of_what_does_not_change)
{
	EXPECT_EQ(5, vinput_put(self->fd, "0 0 0"));
	EXPECT_STREQ("", vinput_events(self->event));
	EXPECT_EQ(5, vinput_put(self->fd, "0 7 0"));
	EXPECT_STREQ("rel 1 7, " SYN, vinput_events(self->event));
	EXPECT_EQ(6, vinput_put(self->fd, "-7 0 0"));
	EXPECT_STREQ("rel 0 -7, " SYN, vinput_events(self->event));
}

TEST_F(vmouse, has_a_bit_for_each_button)
{
	static const struct {
		const char *text;
		const char *events;
	} rows[] = {
		{ "0 0 1", LEFT "1, " SYN },
		{ "0 0 3", RIGHT "1, " SYN },
		{ "0 0 2", LEFT "0, " SYN },
		{ "0 0 6", MIDDLE "1, " SYN },
		{ "0 0 7", LEFT "1, " SYN },
		{ "0 0 5", RIGHT "0, " SYN },
		{ "0 0 4", LEFT "0, " SYN },
		{ "0 0 3", LEFT "1, " RIGHT "1, " MIDDLE "0, " SYN },
		{ "0 0 0", LEFT "0, " RIGHT "0, " SYN },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		EXPECT_EQ(5, vinput_put(self->fd, rows[i].text));
		EXPECT_STREQ(rows[i].events, vinput_events(self->event));
	}
}

TEST_F(vmouse, moves_up_to_16_bits_at_a_time)
{
	EXPECT_EQ(14, vinput_put(self->fd, "32767 -32768 0"));
	EXPECT_STREQ("rel 0 32767, rel 1 -32768, " SYN,
		     vinput_events(self->event));
	EXPECT_EQ(15, vinput_put(self->fd, "-32768 32767 0\n"));
	EXPECT_STREQ("rel 0 -32768, rel 1 32767, " SYN,
		     vinput_events(self->event));
	EXPECT_STREQ("-32768 32767 0\n", vinput_last(self->fd));
}

TEST_F(vmouse, write_has_as_many_movements_as_lines)
{
	EXPECT_EQ(19, vinput_put(self->fd, "1 0 1\n-2 0 1\n+3 9 0"));
	EXPECT_STREQ("rel 0 1, " LEFT "1, " SYN
		     "rel 0 -2, " SYN
		     "rel 0 3, rel 1 9, " LEFT "0, " SYN,
		     vinput_events(self->event));
	EXPECT_STREQ("3 9 0\n", vinput_last(self->fd));
}

TEST_F(vmouse, write_may_have_21_lines)
{
	char text[VINPUT_MAX_LEN + 1];
	int i;

	for (i = 0; i < 126; i += 6)
		memcpy(text + i, i % 12 ? "0 0 0\n" : "0 0 1\n", 6);
	EXPECT_EQ(126, sysret(write(self->fd, text, 126)));
	for (i = 0; i < 11; i++)
		EXPECT_EQ((ssize_t)(2 * sizeof(struct input_event)),
			  read(self->event, text,
			       2 * sizeof(struct input_event)));
	EXPECT_STREQ("0 0 1\n", vinput_last(self->fd));
}

TEST_F(vmouse, takes_nothing_but_three_numbers)
{
	static const struct vinput_row rows[] = {
		{ "hello", -EINVAL },	{ "\n", -EINVAL },
		{ "1", -EINVAL },	{ "1 2", -EINVAL },
		{ "1 2 ", -EINVAL },	{ "1 2 3 4", -EINVAL },
		{ "1  2 3", -EINVAL },	{ " 1 2 3", -EINVAL },
		{ "1 2 3 ", -EINVAL },	{ "1\t2\t3", -EINVAL },
		{ "1,2,3", -EINVAL },	{ "1 2\n3", -EINVAL },
		{ "1 2 3\n\n", -EINVAL }, { "1 2 3\r\n", -EINVAL },
		{ "1 2 3\nhello", -EINVAL }, { "1 2 3\n4 5", -EINVAL },
		{ "- 2 3", -EINVAL },	{ "1 +-2 3", -EINVAL },
		{ "0x1 2 3", -EINVAL },	{ "1.5 2 3", -EINVAL },
		{ "32768 2 3", -EINVAL }, { "-32769 2 3", -EINVAL },
		{ "1 32768 3", -EINVAL }, { "1 -32769 3", -EINVAL },
		{ "1 2 8", -EINVAL },	{ "1 2 -1", -EINVAL },
		{ "4294967297 2 3", -EINVAL },
		{ "1 2 9223372036854775807", -EINVAL },
		{ "9223372036854775808 2 3", -ERANGE },
		{ "1 -9223372036854775808 3", -ERANGE },
	};
	size_t i;

	ASSERT_EQ(5, vinput_put(self->fd, "9 9 0"));
	EXPECT_STREQ("rel 0 9, rel 1 9, " SYN, vinput_events(self->event));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		EXPECT_EQ(rows[i].answer, vinput_put(self->fd, rows[i].text))
			TH_LOG("\"%s\"", rows[i].text);
	}
	EXPECT_EQ(-EINVAL, sysret(write(self->fd, "1 2 3\0", 6)));
	EXPECT_EQ(-EINVAL, sysret(write(self->fd, "1 2\0003", 5)));

	EXPECT_STREQ("", vinput_events(self->event));
	EXPECT_STREQ("9 9 0\n", vinput_last(self->fd));
	EXPECT_NO_LOG(&self->log);
}

TEST_F(vmouse, write_of_nothing_or_of_too_much_does_nothing)
{
	char text[VINPUT_MAX_LEN + 1];

	memset(text, '0', sizeof(text));
	memcpy(text + sizeof(text) - 4, "1 2 3", 4);
	EXPECT_EQ(0, sysret(write(self->fd, NULL, 0)));
	EXPECT_EQ(-EINVAL, sysret(write(self->fd, text, sizeof(text))));
	EXPECT_STREQ("0 0 0\n", vinput_last(self->fd));
	EXPECT_STREQ("", vinput_events(self->event));
}

TEST_F(vmouse, takes_nothing_from_a_bad_buffer)
{
	struct usermem mem;
	int kind;

	ASSERT_EQ(0, usermem_init(&mem));
	for (kind = 0; kind < NR_USERMEM_KINDS; kind++)
		EXPECT_EQ(-EFAULT, sysret(write(self->fd,
						usermem_addr(&mem, kind), 6)));
	EXPECT_STREQ("0 0 0\n", vinput_last(self->fd));
	EXPECT_STREQ("", vinput_events(self->event));
	usermem_destroy(&mem);
}

TEST_F(vmouse, has_two_axes_and_three_buttons)
{
	unsigned long keys[KEY_CNT / VINPUT_LONG_BITS] = { 0 };
	unsigned long buttons[KEY_CNT / VINPUT_LONG_BITS] = { 0 };
	unsigned long types = 0;
	unsigned long axes = 0;

	ASSERT_LT(0, ioctl(self->event, EVIOCGBIT(0, sizeof(types)), &types));
	EXPECT_EQ(1UL << EV_SYN | 1UL << EV_KEY | 1UL << EV_REL, types);
	ASSERT_LT(0, ioctl(self->event, EVIOCGBIT(EV_REL, sizeof(axes)),
			   &axes));
	EXPECT_EQ(1UL << REL_X | 1UL << REL_Y, axes);

	buttons[BTN_LEFT / VINPUT_LONG_BITS] = 7UL << BTN_LEFT % VINPUT_LONG_BITS;
	ASSERT_LT(0, ioctl(self->event, EVIOCGBIT(EV_KEY, sizeof(keys)), keys));
	EXPECT_EQ(0, memcmp(buttons, keys, sizeof(keys)));
}

TEST_F(vmouse, devices_have_their_own_movements)
{
	int fd;

	ASSERT_EQ(0, vinput_export("vmouse"));
	fd = vinput_open(1);
	EXPECT_EQ(5, vinput_put(fd, "1 2 0"));
	EXPECT_STREQ("", vinput_events(self->event));
	EXPECT_STREQ("0 0 0\n", vinput_last(self->fd));
	EXPECT_STREQ("1 2 0\n", vinput_last(fd));
	close(fd);
}

TEST_HARNESS_MAIN
