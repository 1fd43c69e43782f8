// SPDX-License-Identifier: GPL-2.0
/*
 * Evtest - what a program that knows nothing of vinput sees of its devices
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <string.h>
#include <unistd.h>

#include "sysret.h"
#include "task.h"
#include "vinput.h"

/* What evtest says once it waits for events. */
#define IS_READY	"(interrupt to exit)\n"
#define SYN		"-------------- SYN_REPORT ------------\n"
#define KEY_G_IS(value)	"type 1 (EV_KEY), code 34 (KEY_G), value " #value "\n"

static char output[65536];

FIXTURE(evtest)
{
	pid_t evtest;
	int out;
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

static int execute(void *arg)
{
	const int *out = arg;
	char path[VINPUT_MAX_PATH];
	int err = vinput_event_path(0, path, sizeof(path));

	if (err)
		return err;
	if (dup2(*out, STDOUT_FILENO) < 0 || dup2(*out, STDERR_FILENO) < 0)
		return -errno;
	execlp("evtest", "evtest", path, NULL);
	return -errno;
}

FIXTURE_SETUP(evtest)
{
	int ends[2];

	if (!vinput_has_evdev())
		SKIP(return, "needs CONFIG_INPUT_EVDEV");
	ASSERT_EQ(0, vinput_begin(variant->type));
	ASSERT_EQ(0, vinput_export(variant->type));
	self->fd = vinput_open(0);
	ASSERT_LE(0, self->fd);
	self->event = vinput_event_open(0);
	ASSERT_LE(0, self->event);

	ASSERT_EQ(0, pipe2(ends, O_CLOEXEC));
	self->evtest = task_start(execute, &ends[1]);
	ASSERT_LT(0, self->evtest);
	close(ends[1]);
	self->out = ends[0];
}

FIXTURE_TEARDOWN(evtest)
{
	close(self->event);
	close(self->fd);
	close(self->out);
	vinput_clear();
	task_wait(self->evtest);
}

static int count(const char *text)
{
	const char *at = output;
	int nr = 0;

	while ((at = strstr(at, text))) {
		at += strlen(text);
		nr++;
	}
	return nr;
}

/* Reads what evtest prints until it has printed something so many times. */
static void read_until(int fd, const char *text, int nr)
{
	size_t len = strlen(output);
	ssize_t ret;

	while (count(text) < nr) {
		ret = read(fd, output + len, sizeof(output) - 1 - len);
		if (ret <= 0)
			return;
		len += ret;
		output[len] = '\0';
	}
}

/* Gives the events in the output, without the time of each. */
static const char *printed_events(void)
{
	static char events[4096];
	const char *at = output;
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

	read_until(self->out, IS_READY, 1);
	ASSERT_NE(NULL, strstr(output, variant->type));
	for (i = 0; i < ARRAY_SIZE(variant->texts); i++) {
		EXPECT_LT(0, vinput_put(self->fd, variant->texts[i]));
		read_until(self->out, SYN, i + 1);
	}
	EXPECT_STREQ(variant->events, printed_events());
}

TEST_HARNESS_MAIN
