// SPDX-License-Identifier: GPL-2.0
/*
 * Libinput - the virtual input devices and their events, as a desktop sees them
 *
 * The programs of a desktop do not open input devices themselves, but use
 * libinput, which gets the kind of each device from udev.
 */
#include <kselftest_harness.h>
#include <string.h>

#include "client.h"
#include "lib/lacking.h"
#include "lib/sysret.h"
#include "udevd.h"
#include "vinput_device.h"

static struct client client;

FIXTURE(libinput)
{
	struct udevd udevd;
	char path[VINPUT_MAX_PATH];
	int fd;
};

FIXTURE_VARIANT(libinput)
{
	const char *type;
	const char *is;
	const char *texts[3];
	const char *events;
	int nr_events;
};

FIXTURE_VARIANT_ADD(libinput, vkbd)
{
	.type = "vkbd",
	.is = "can be keyboard ",
	.texts = { "+34\n", "-34\n", "+30\n-30\n" },
	.events = "key 34 1\n"
		  "key 34 0\n"
		  "key 30 1\n"
		  "key 30 0\n"
		  "removed\n",
	.nr_events = 4,
};

FIXTURE_VARIANT_ADD(libinput, vmouse)
{
	.type = "vmouse",
	.is = "can be pointer\n",
	.texts = { "5 -3 0\n", "0 0 1\n", "-7 2 0\n" },
	.events = "motion 5 -3\n"
		  "button 272 1\n"
		  "motion -7 2\n"
		  "button 272 0\n"
		  "removed\n",
	.nr_events = 4,
};

FIXTURE_SETUP(libinput)
{
	SKIP_IF_LACKING(return, evdev_lacking());
	ASSERT_EQ(0, vinput_begin(variant->type));
	ASSERT_EQ(0, udevd_start(&self->udevd));
	ASSERT_EQ(0, vinput_export(variant->type));
	self->fd = vinput_open(0);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, vinput_event_path(0, self->path, sizeof(self->path)));
	ASSERT_EQ(0, udevd_wait(&self->udevd, "add", self->path));

	client.argv[0] = "python3";
	client.argv[1] = "-IS";
	client.argv[2] = "libinput_events.py";
	client.argv[3] = self->path;
	ASSERT_EQ(0, client_start(&client));
}

FIXTURE_TEARDOWN(libinput)
{
	close(self->fd);
	vinput_clear();
	EXPECT_EQ(0, udevd_wait(&self->udevd, "remove", VINPUT0));
	udevd_stop(&self->udevd);
}

/*
 * Returns the first message that is about the device and not about a slow
 * machine, or NULL.
 */
static const char *find_complaint(char *text)
{
	const char *line = strtok(text, "\n");

	while (line && strstr(line, "your system is too slow"))
		line = strtok(NULL, "\n");
	return line;
}

TEST_F(libinput, tells_what_a_device_is_and_plays_until_it_goes)
{
	const size_t len = strlen(variant->is);
	const char *complaint;
	size_t i;

	client_read_until(&client, "\n", 1);
	ASSERT_EQ(0, strncmp(variant->is, client.output, len))
		TH_LOG("\"%s\" %s", client.output, client_complaints(&client));
	for (i = 0; i < ARRAY_SIZE(variant->texts); i++)
		EXPECT_LT(0, vinput_put(self->fd, variant->texts[i]));
	client_read_until(&client, "\n", 1 + variant->nr_events);
	EXPECT_EQ(0, vinput_unexport(0));
	client_read_until(&client, "more than the end", 1);

	EXPECT_STREQ(variant->events, strchr(client.output, '\n') + 1);
	complaint = find_complaint(client_complaints(&client));
	EXPECT_EQ(NULL, complaint)
		TH_LOG("%s", complaint);
	EXPECT_EQ(0, client_wait(&client));
}

TEST_HARNESS_MAIN
