// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual input - devices that are removed while they are open
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <linux/input.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/gate.h"
#include "lib/lacking.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "lib/timeout.h"
#include "vinput_device.h"

#define LIMIT_MS	10000

FIXTURE(life)
{
	struct gate arrived;
	char name[64];
	int event;
	int fd;
};

/*
 * .text is written to the device.  .first is what a read returns before that.
 */
FIXTURE_VARIANT(life)
{
	const char *type;
	const char *text;
	const char *first;
};

FIXTURE_VARIANT_ADD(life, vkbd)
{
	.type = "vkbd",
	.text = "+34\n",
	.first = "+0\n",
};

FIXTURE_VARIANT_ADD(life, vmouse)
{
	.type = "vmouse",
	.text = "5 5 1\n",
	.first = "0 0 0\n",
};

FIXTURE_SETUP(life)
{
	SKIP_IF_LACKING(return, evdev_lacking());
	ASSERT_EQ(0, gate_init(&self->arrived));
	self->fd = vinput_begin_with_device(variant->type);
	ASSERT_LE(0, self->fd);
	self->event = vinput_event_open(0);
	ASSERT_LE(0, self->event);
}

FIXTURE_TEARDOWN(life)
{
	close(self->event);
	close(self->fd);
	vinput_clear();
	gate_destroy(&self->arrived);
}

/*
 * Checks a file whose device has been removed.  Returns what is wrong, or "".
 */
static const char *wrong_with_dead(int fd, const char *text)
{
	char byte = FILE_POISON;

	if (sysret(read(fd, &byte, 1)) != -ENODEV)
		return "it can be read";
	if (byte != (char)FILE_POISON)
		return "a read wrote to the buffer";
	if (vinput_put(fd, text) != -ENODEV)
		return "it can be written";
	return sysret(write(fd, text, 0)) == -ENODEV ?
		       "" : "nothing can be written";
}

/* A macro, so that a failed expectation reports the line of the test. */
#define EXPECT_DEAD(fd)	EXPECT_STREQ("", wrong_with_dead(fd, variant->text))

static const char *wrong_with_dead_event(int event)
{
	struct pollfd end = { .fd = event, .events = POLLIN };
	struct input_id id;

	if (sysret(ioctl(event, EVIOCGID, &id)) != -ENODEV)
		return "it can be asked";
	if (poll(&end, 1, slow(LIMIT_MS)) != 1 || !(end.revents & POLLHUP))
		return "it does not hang up";
	if (vinput_put(event, "a text as long as an event") != -ENODEV)
		return "it can be written";
	return sysret(read(event, &id, 0)) == -ENODEV ? "" : "it can be read";
}

/* Opens the input device for reading and writing, and waits for an event. */
static int read_events(void *arg)
{
	struct gate *arrived = arg;
	struct input_event event;
	int fd = vinput_event_open(0);

	if (fd < 0 || fcntl(fd, F_SETFL, 0))
		return -EIO;
	gate_open(arrived);
	return read(fd, &event, sizeof(event)) < 0 ? -errno : 0;
}

/* VINPUT-2, VINPUT-13 */
TEST_F(life, file_of_an_unexported_device_is_dead)
{
	ASSERT_EQ(0, vinput_unexport(0));

	EXPECT_DEAD(self->fd);
	EXPECT_FALSE(vinput_has(0));
	EXPECT_EQ(0, close(self->fd));
}

/* VINPUT-2 */
TEST_F(life, all_files_of_an_unexported_device_are_dead)
{
	int duplicate = dup(self->fd);
	int another = vinput_open(0);

	ASSERT_EQ(0, vinput_unexport(0));

	EXPECT_DEAD(duplicate);
	EXPECT_DEAD(another);
	EXPECT_EQ(0, close(self->fd));
	EXPECT_DEAD(duplicate);
	EXPECT_EQ(0, close(duplicate));
	EXPECT_EQ(0, close(another));
}

/* VINPUT-2 */
TEST_F(life, file_does_not_reach_the_next_device_of_the_number)
{
	int event;
	int fd;

	ASSERT_EQ(0, vinput_unexport(0));
	ASSERT_EQ(0, vinput_export(variant->type));
	fd = vinput_open(0);
	event = vinput_event_open(0);

	EXPECT_DEAD(self->fd);
	EXPECT_STREQ(variant->first, vinput_last(fd));
	EXPECT_STREQ("", vinput_events(event));

	EXPECT_EQ(0, close(self->fd));
	EXPECT_LT(0, vinput_put(fd, variant->text));
	EXPECT_STREQ(variant->text[0] == '+' ? VINPUT_PRESS(34) :
		     "rel 0 5, rel 1 5, key 272 1, syn; ",
		     vinput_events(event));
	close(event);
	close(fd);
}

/* VINPUT-3 */
TEST_F(life, type_goes_with_its_devices_though_they_are_open)
{
	ASSERT_EQ(0, vinput_export(variant->type));
	EXPECT_EQ(0, module_refcount(variant->type));
	ASSERT_EQ(0, module_unload(variant->type));

	EXPECT_DEAD(self->fd);
	EXPECT_EQ(0, vinput_count());
	EXPECT_EQ(-ENODEV, vinput_export(variant->type));
}

/* VINPUT-3, VINPUT-16 */
TEST_F(life, vinput_stays_until_the_last_file_is_closed)
{
	int duplicate = dup(self->fd);

	ASSERT_EQ(0, module_unload(variant->type));
	EXPECT_EQ(-EWOULDBLOCK, module_unload("vinput"));
	EXPECT_EQ(0, close(self->fd));
	EXPECT_DEAD(duplicate);
	EXPECT_EQ(-EWOULDBLOCK, module_unload("vinput"));

	EXPECT_EQ(0, close(duplicate));
	EXPECT_EQ(0, module_unload("vinput"));
}

/*
 * VINPUT-16: a module must not drop the last reference to itself in its own
 * code.
 */
TEST_F(life, each_open_file_holds_vinput_and_no_device_does)
{
	int before = module_refcount("vinput");
	int another = vinput_open(0);

	ASSERT_LE(0, another);
	EXPECT_LT(before, module_refcount("vinput"));
	EXPECT_EQ(0, close(another));
	EXPECT_EQ(before, module_refcount("vinput"));
	EXPECT_EQ(0, close(self->fd));
	EXPECT_EQ(1, module_refcount("vinput"));
	EXPECT_TRUE(vinput_has(0));
}

TEST_F(life, open_input_device_of_an_unexported_device_is_dead)
{
	ASSERT_EQ(0, vinput_unexport(0));
	EXPECT_STREQ("", wrong_with_dead_event(self->event));
}

/*
 * The name of the input device is the name of the type, which is in the memory
 * of the module of that type.  That module has been freed here.
 */
TEST_F(life, open_input_device_does_not_hold_the_modules)
{
	EXPECT_EQ(0, close(self->fd));
	ASSERT_EQ(0, module_unload(variant->type));
	ASSERT_EQ(0, module_unload("vinput"));

	EXPECT_EQ(-ENODEV, sysret(ioctl(self->event, EVIOCGNAME(64),
					self->name)));
	EXPECT_STREQ("", wrong_with_dead_event(self->event));
}

TEST_F(life, unexport_sends_a_reader_of_events_away)
{
	pid_t child = task_start(read_events, &self->arrived);

	ASSERT_LT(0, child);
	ASSERT_EQ(1, gate_wait(&self->arrived));
	ASSERT_EQ(0, vinput_unexport(0));
	EXPECT_EQ(-ENODEV, task_wait(child));
}

TEST_HARNESS_MAIN
