// SPDX-License-Identifier: GPL-2.0
/*
 * Evtest - the events of the virtual input devices, as evtest prints them
 */
#include <kselftest_harness.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "lib/lacking.h"
#include "lib/sysret.h"
#include "vinput_device.h"

/* What evtest prints before it waits for events. */
#define IS_READY	"(interrupt to exit)\n"
#define SYN		"-------------- SYN_REPORT ------------\n"
#define KEY_G_IS(value)	"type 1 (EV_KEY), code 34 (KEY_G), value " #value "\n"

static struct client client;

FIXTURE(evtest)
{
	char path[VINPUT_MAX_PATH];
	int event;
	int fd;
};

FIXTURE_VARIANT(evtest)
{
	const char *type;
	const char *texts[2];
	const char *events;
};

FIXTURE_VARIANT_ADD(evtest, vkbd)
{
	.type = "vkbd",
	.texts = { "+34\n", "-34\n" },
	.events = KEY_G_IS(1) SYN KEY_G_IS(0) SYN,
};

FIXTURE_VARIANT_ADD(evtest, vmouse)
{
	.type = "vmouse",
	.texts = { "5 -3 1\n", "0 0 0\n" },
	.events = "type 2 (EV_REL), code 0 (REL_X), value 5\n"
		  "type 2 (EV_REL), code 1 (REL_Y), value -3\n"
		  "type 1 (EV_KEY), code 272 (BTN_LEFT), value 1\n" SYN
		  "type 1 (EV_KEY), code 272 (BTN_LEFT), value 0\n" SYN,
};

FIXTURE_SETUP(evtest)
{
	SKIP_IF_LACKING(return, evdev_lacking());
	self->fd = vinput_begin_with_device(variant->type);
	ASSERT_LE(0, self->fd);
	self->event = vinput_event_open(0);
	ASSERT_LE(0, self->event);

	ASSERT_EQ(0, vinput_event_path(0, self->path, sizeof(self->path)));
	client.argv[0] = "evtest";
	client.argv[1] = self->path;
	ASSERT_EQ(0, client_start(&client));
}

FIXTURE_TEARDOWN(evtest)
{
	close(self->event);
	close(self->fd);
	vinput_clear();
	client_wait(&client);
}

/* Returns the events in the output, without the time of each. */
static const char *printed_events(void)
{
	static char events[4096];
	const char *at = client.output;
	const char *end;

	events[0] = '\0';
	while ((at = strstr(at, "Event: time "))) {
		at = strstr(at, ", ") + strlen(", ");
		end = strchr(at, '\n');
		strncat(events, at, end - at + 1);
	}
	return events;
}

TEST_F(evtest, prints_what_has_been_played)
{
	size_t i;

	client_read_until(&client, IS_READY, 1);
	ASSERT_NE(NULL, strstr(client.output, variant->type));
	for (i = 0; i < ARRAY_SIZE(variant->texts); i++) {
		EXPECT_LT(0, vinput_put(self->fd, variant->texts[i]));
		client_read_until(&client, SYN, i + 1);
	}
	EXPECT_STREQ(variant->events, printed_events());
}

TEST_HARNESS_MAIN
