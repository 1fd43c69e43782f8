// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual keyboard - writes to the device, and the key events that they cause
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <limits.h>
#include <linux/input.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/lacking.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/timeout.h"
#include "lib/usermem.h"
#include "suites/readable_file.h"
#include "suites/unload_open.h"
#include "vinput_device.h"

#include "vkbd_module.h"

#define PRESSED		"vinput vinput0: Event VINPUT_PRESS code "
#define RELEASED	"vinput vinput0: Event VINPUT_RELEASE code "
#define KERN_INFO	6
#define REPEAT_LIMIT_MS	10000
/* The number of keys that one write presses and releases. */
#define NR_AT_ONCE	12
/* The number of events that a device logs at once. */
#define NR_LOGGED	10

FIXTURE_VARIANT_ADD(readable, vkbd)
{
	.module = "vkbd",
	.prepare = vkbd_export,
	.path = VINPUT0,
	.write = "-767\n",
	.content = "-767\n",
};

/*
 * This is in .bss, so that its address is low: even a buffer with a very large
 * count ends below the limit of user addresses.
 */
static char text[2 * VINPUT_MAX_LEN];

FIXTURE(vkbd)
{
	struct kmsg log;
	int event;
	int fd;
};

FIXTURE_SETUP(vkbd)
{
	SKIP_IF_LACKING(return, evdev_lacking());
	self->fd = vinput_begin_with_device("vkbd");
	ASSERT_LE(0, self->fd);
	self->event = vinput_event_open(0);
	ASSERT_LE(0, self->event);
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(vkbd)
{
	kmsg_close(&self->log);
	close(self->event);
	close(self->fd);
	vinput_clear();
}

/* Makes a text of @len bytes that presses key 34. */
static void make_long_press(size_t len)
{
	memset(text, '0', len);
	text[0] = '+';
	memcpy(text + len - strlen("34\n"), "34\n", strlen("34\n"));
}

TEST_F(vkbd, does_what_the_document_shows)
{
	EXPECT_STREQ("+0\n", vinput_last(self->fd));
	EXPECT_EQ(4, vinput_put(self->fd, "+34\n"));
	EXPECT_STREQ("+34\n", vinput_last(self->fd));
	EXPECT_STREQ(VINPUT_PRESS(34), vinput_events(self->event));

	EXPECT_EQ(4, vinput_put(self->fd, "-34\n"));
	EXPECT_STREQ("-34\n", vinput_last(self->fd));
	EXPECT_STREQ(VINPUT_RELEASE(34), vinput_events(self->event));
}

TEST_F(vkbd, logs_each_key_and_nothing_else)
{
	EXPECT_EQ(4, vinput_put(self->fd, "+34\n"));
	EXPECT_LOG(&self->log, PRESSED "34");
	EXPECT_EQ(7, vinput_put(self->fd, "767\n-34"));
	EXPECT_LOG(&self->log, PRESSED "767", RELEASED "34");
	EXPECT_STREQ("-34\n", vinput_last(self->fd));
	EXPECT_NO_LOG(&self->log);

	EXPECT_EQ(1, vinput_put(self->fd, "5"));
	EXPECT_STREQ(PRESSED "5", kmsg_next(&self->log));
	EXPECT_EQ(KERN_INFO, self->log.level);
}

TEST_F(vkbd, number_may_have_a_plus_zeroes_and_a_newline)
{
	EXPECT_EQ(2, vinput_put(self->fd, "34"));
	EXPECT_STREQ(VINPUT_PRESS(34), vinput_events(self->event));
	EXPECT_EQ(4, vinput_put(self->fd, "-034"));
	EXPECT_STREQ(VINPUT_RELEASE(34), vinput_events(self->event));
	EXPECT_EQ(6, vinput_put(self->fd, "+0035\n"));
	EXPECT_STREQ(VINPUT_PRESS(35), vinput_events(self->event));
	EXPECT_STREQ("+35\n", vinput_last(self->fd));
}

TEST_F(vkbd, write_has_as_many_keys_as_lines)
{
	EXPECT_EQ(15, vinput_put(self->fd, "+34\n35\n-35\n-34\n"));
	EXPECT_STREQ(VINPUT_PRESS(34) VINPUT_PRESS(35) VINPUT_RELEASE(35)
		     VINPUT_RELEASE(34), vinput_events(self->event));
	EXPECT_STREQ("-34\n", vinput_last(self->fd));
}

/* A write ignores the file's offset, and does not change it. */
TEST_F(vkbd, takes_a_write_at_any_offset)
{
	EXPECT_EQ(3, sysret(pwrite(self->fd, "+34", 3, 4096)));
	EXPECT_EQ(0, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_EQ(3, vinput_put(self->fd, "-34"));
	EXPECT_EQ(0, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_STREQ(VINPUT_PRESS(34) VINPUT_RELEASE(34),
		     vinput_events(self->event));
}

/* VKBD-1, VKBD-2 */
TEST_F(vkbd, takes_nothing_but_keys)
{
	static const struct vinput_row rows[] = {
		{ "hello", -EINVAL },	   { "+", -EINVAL },
		{ "-", -EINVAL },	   { "0", -EINVAL },
		{ "+0\n", -EINVAL },	   { "-0", -EINVAL },
		{ "--22", -EINVAL },	   { "++22", -EINVAL },
		{ "+-22", -EINVAL },	   { " 22", -EINVAL },
		{ "22 ", -EINVAL },	   { "2 2", -EINVAL },
		{ "22\n\n", -EINVAL },	   { "\n", -EINVAL },
		{ "\n22", -EINVAL },	   { "22\nhello", -EINVAL },
		{ "22\n0\n", -EINVAL },	   { "22\r\n", -EINVAL },
		{ "0x22", -EINVAL },	   { "22.5", -EINVAL },
		{ "768", -EINVAL },	   { "-768", -EINVAL },
		{ "+9999", -EINVAL },	   { "65558", -EINVAL },
		{ "4294967330", -EINVAL }, { "-4294967330", -EINVAL },
		{ "9223372036854775807", -EINVAL },
		{ "9223372036854775808", -ERANGE },
		{ "-9223372036854775808", -ERANGE },
		{ "18446744073709551650", -ERANGE },
	};
	size_t i;

	ASSERT_EQ(2, vinput_put(self->fd, "+7"));
	EXPECT_LOG(&self->log, PRESSED "7");
	EXPECT_STREQ(VINPUT_PRESS(7), vinput_events(self->event));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		EXPECT_EQ(rows[i].answer, vinput_put(self->fd, rows[i].text))
			TH_LOG("\"%s\"", rows[i].text);
	}
	EXPECT_EQ(-EINVAL, sysret(write(self->fd, "22\0", 3)));
	EXPECT_EQ(-EINVAL, sysret(write(self->fd, "2\0002", 3)));

	EXPECT_STREQ("", vinput_events(self->event));
	EXPECT_STREQ("+7\n", vinput_last(self->fd));
	EXPECT_NO_LOG(&self->log);
}

TEST_F(vkbd, write_of_nothing_does_nothing)
{
	EXPECT_EQ(0, sysret(write(self->fd, "34", 0)));
	EXPECT_EQ(0, sysret(write(self->fd, NULL, 0)));
	EXPECT_STREQ("+0\n", vinput_last(self->fd));
	EXPECT_STREQ("", vinput_events(self->event));
	EXPECT_NO_LOG(&self->log);
}

TEST_F(vkbd, write_of_128_bytes_is_taken_and_of_more_is_not)
{
	static const size_t counts[] = {
		VINPUT_MAX_LEN + 1, 2 * VINPUT_MAX_LEN, INT_MAX,
	};
	size_t i;

	make_long_press(VINPUT_MAX_LEN + 1);
	for (i = 0; i < ARRAY_SIZE(counts); i++)
		EXPECT_EQ(-EINVAL, sysret(write(self->fd, text,
						counts[i])));
	EXPECT_STREQ("", vinput_events(self->event));
	EXPECT_STREQ("+0\n", vinput_last(self->fd));

	make_long_press(VINPUT_MAX_LEN);
	EXPECT_EQ(VINPUT_MAX_LEN, sysret(write(self->fd, text,
					       VINPUT_MAX_LEN)));
	EXPECT_STREQ(VINPUT_PRESS(34), vinput_events(self->event));
}

/*
 * If a key is pressed several times without a release, the kernel reports only
 * the first press.  The module also logs the presses that are not reported, but at
 * most ten events in five seconds.
 */
TEST_F(vkbd, write_may_have_64_lines)
{
	int i;

	for (i = 0; i < VINPUT_MAX_LEN; i += 2)
		memcpy(text + i, "5\n", 2);
	EXPECT_EQ(VINPUT_MAX_LEN, sysret(write(self->fd, text,
					       VINPUT_MAX_LEN)));
	for (i = 0; i < NR_LOGGED; i++)
		ASSERT_STREQ(PRESSED "5", kmsg_next(&self->log));
	EXPECT_NO_LOG(&self->log);
	EXPECT_STREQ(VINPUT_PRESS(5), vinput_events(self->event));
}

/* VINPUT-10 */
TEST_F(vkbd, takes_nothing_from_a_bad_buffer)
{
	struct usermem mem;
	int kind;

	ASSERT_EQ(0, usermem_init(&mem));
	memcpy(mem.border - USERMEM_GOOD_BYTES, "34", USERMEM_GOOD_BYTES);

	for (kind = 0; kind < NR_USERMEM_KINDS; kind++)
		EXPECT_EQ(-EFAULT, sysret(write(self->fd,
						usermem_addr(&mem, kind), 4)));
	EXPECT_STREQ("", vinput_events(self->event));
	EXPECT_STREQ("+0\n", vinput_last(self->fd));
	usermem_destroy(&mem);
}

/* VKBD-3: the device has every key from 1 to KEY_MAX. */
TEST_F(vkbd, presses_and_releases_every_key)
{
	char events[VINPUT_MAX_EVENTS * 20];
	int code = 1;
	int to;

	while (code <= KEY_MAX) {
		text[0] = '\0';
		events[0] = '\0';
		for (to = code + NR_AT_ONCE; code < to && code <= KEY_MAX;
		     code++) {
			sprintf(strchr(text, '\0'), "%d\n-%d\n", code,
				code);
			sprintf(strchr(events, '\0'),
				"key %d 1, syn; key %d 0, syn; ", code, code);
		}
		ASSERT_EQ((long)strlen(text), vinput_put(self->fd, text));
		ASSERT_STREQ(events, vinput_events(self->event));
	}
	EXPECT_STREQ("-767\n", vinput_last(self->fd));
}

static bool has_bit(const unsigned long *bits, int nr)
{
	return bits[nr / VINPUT_LONG_BITS] & 1UL << nr % VINPUT_LONG_BITS;
}

/* VKBD-3 */
TEST_F(vkbd, has_every_key_but_0)
{
	unsigned long keys[KEY_CNT / VINPUT_LONG_BITS] = { 0 };
	unsigned long types = 0;
	int code;

	ASSERT_LT(0, ioctl(self->event, EVIOCGBIT(0, sizeof(types)), &types));
	EXPECT_EQ(1UL << EV_SYN | 1UL << EV_KEY | 1UL << EV_REP, types);

	ASSERT_LT(0, ioctl(self->event, EVIOCGBIT(EV_KEY, sizeof(keys)), keys));
	EXPECT_FALSE(has_bit(keys, KEY_RESERVED));
	for (code = 1; code <= KEY_MAX; code++)
		ASSERT_TRUE(has_bit(keys, code)) TH_LOG("%d", code);
}

TEST_F(vkbd, repeats_a_key_that_is_held)
{
	struct pollfd event = { .fd = self->event, .events = POLLIN };
	unsigned int repeat[2] = { 1, 1 };
	const char *events = "";

	ASSERT_EQ(0, ioctl(self->event, EVIOCSREP, repeat));
	EXPECT_EQ(3, vinput_put(self->fd, "+34"));
	while (!strstr(events, "key 34 2, ")) {
		ASSERT_EQ(1, poll(&event, 1, slow(REPEAT_LIMIT_MS)));
		events = vinput_events(self->event);
	}
	EXPECT_STREQ("+34\n", vinput_last(self->fd));
}

/* Returns the key that belongs to the scan code @code, or a negative errno. */
static int key_of(int event, unsigned int code)
{
	unsigned int map[2] = { code, UINT_MAX };
	int err = sysret(ioctl(event, EVIOCGKEYCODE, map));

	return err ? err : (int)map[1];
}

/* VKBD-3 */
TEST_F(vkbd, map_has_each_key_at_its_code)
{
	int code;

	for (code = 1; code <= KEY_MAX; code++)
		ASSERT_EQ(code, key_of(self->event, code));
	EXPECT_EQ(-EINVAL, key_of(self->event, KEY_CNT));
}

/* VKBD-4 */
TEST_F(vkbd, map_of_one_device_is_not_that_of_another)
{
	unsigned int map[2] = { KEY_G, KEY_X };
	int event;
	int fd;

	ASSERT_EQ(0, vinput_export("vkbd"));
	event = vinput_event_open(1);
	fd = vinput_open(1);
	ASSERT_EQ(0, ioctl(self->event, EVIOCSKEYCODE, map));
	EXPECT_EQ(KEY_X, key_of(self->event, KEY_G));

	EXPECT_EQ(KEY_G, key_of(event, KEY_G));
	EXPECT_EQ(3, vinput_put(fd, "+34"));
	EXPECT_STREQ(VINPUT_PRESS(34), vinput_events(event));
	close(fd);
	close(event);

	ASSERT_EQ(0, vinput_export("vkbd"));
	event = vinput_event_open(2);
	EXPECT_EQ(KEY_G, key_of(event, KEY_G));
	close(event);
}

TEST_F(vkbd, devices_have_their_own_keys)
{
	int event;
	int fd;

	ASSERT_EQ(0, vinput_export("vkbd"));
	event = vinput_event_open(1);
	fd = vinput_open(1);
	ASSERT_EQ(0, kmsg_skip(&self->log));
	EXPECT_EQ(3, vinput_put(self->fd, "+34"));
	EXPECT_EQ(3, vinput_put(fd, "+35"));

	EXPECT_STREQ(VINPUT_PRESS(34), vinput_events(self->event));
	EXPECT_STREQ(VINPUT_PRESS(35), vinput_events(event));
	EXPECT_STREQ("+34\n", vinput_last(self->fd));
	EXPECT_STREQ("+35\n", vinput_last(fd));
	EXPECT_LOG(&self->log, PRESSED "34",
		   "vinput vinput1: Event VINPUT_PRESS code 35");
	close(fd);
	close(event);
}

/* The events of one device do not keep those of another out of the log. */
TEST_F(vkbd, devices_have_their_own_limit_for_the_log)
{
	int fd;
	int i;

	ASSERT_EQ(0, vinput_export("vkbd"));
	fd = vinput_open(1);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, kmsg_skip(&self->log));
	for (i = 0; i <= NR_LOGGED; i++)
		ASSERT_EQ(2, vinput_put(self->fd, "34"));
	for (i = 0; i < NR_LOGGED; i++)
		ASSERT_STREQ(PRESSED "34", kmsg_next(&self->log));
	EXPECT_NO_LOG(&self->log);

	EXPECT_EQ(2, vinput_put(fd, "35"));
	EXPECT_LOG(&self->log, "vinput vinput1: Event VINPUT_PRESS code 35");
	close(fd);
}

TEST_HARNESS_MAIN
