// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual keyboard - several tasks that press keys at the same time
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <linux/input.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/gate.h"
#include "lib/lacking.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "lib/timeout.h"
#include "vinput_device.h"

/*
 * The first of the keys that the tasks press.  A console ignores all these
 * keys, no matter which other keys are down.
 */
#define FIRST_KEY	352
#define KEYS_OF_A_TASK	32
#define MAX_TASKS	8
/*
 * The number of rounds of a task.  In each round, it presses and releases a
 * key.
 */
#define NR_ROUNDS	64
#define NR_EVENTS	(2 * NR_ROUNDS)
#define LIMIT_MS	10000

/*
 * One of the tasks that write.  It continues only after the test has read its
 * last keys, because evdev keeps only a limited number of events.
 */
struct writer {
	struct gate go;
	int number;
	int fd;
	int nr_seen;
};

/*
 * All writers.  .inside is the writer of a write of two lines, of which the
 * test has read the first event but not yet the second.  NULL if there is none.
 */
struct crowd {
	struct writer writers[MAX_TASKS];
	const struct writer *inside;
	int nr;
};

/*
 * Returns the code of the @n-th event of a task, which presses and then
 * releases each key.
 */
static int code_of(const struct writer *writer, int n)
{
	return FIRST_KEY + writer->number * KEYS_OF_A_TASK +
	       n / 2 % KEYS_OF_A_TASK;
}

static int value_of(int n)
{
	return !(n % 2);
}

static int put_events(const struct writer *writer, int n, int nr)
{
	char text[32] = "";
	int i;

	for (i = n; i < n + nr; i++)
		sprintf(strchr(text, '\0'), "%+d\n",
			value_of(i) ? code_of(writer, i) : -code_of(writer, i));
	return vinput_put(writer->fd, text) == (long)strlen(text) ? 0 : -EIO;
}

/* Returns true if an event is the first of a write of two lines. */
static bool is_first_of_two(int n)
{
	return n % 4 == 2;
}

/* In turn, a round is two writes of one line, and one write of two lines. */
static int put_round(const struct writer *writer, int n)
{
	int err;

	if (is_first_of_two(n))
		return put_events(writer, n, 2);
	err = put_events(writer, n, 1);
	return err ? err : put_events(writer, n + 1, 1);
}

static int write_keys(void *arg)
{
	struct writer *writer = arg;
	int err = 0;
	int n;

	for (n = 0; !err && n < NR_EVENTS; n += 2) {
		if (gate_wait(&writer->go) != 1)
			return -ETIMEDOUT;
		err = put_round(writer, n);
	}
	return err;
}

/*
 * Records an event.  Returns -EPROTO if it is not the next event of its task.
 */
static int see_key(struct crowd *crowd, const struct input_event *event)
{
	int number = (event->code - FIRST_KEY) / KEYS_OF_A_TASK;
	struct writer *writer = &crowd->writers[number];
	int n;

	if (number < 0 || number >= crowd->nr ||
	    (crowd->inside && writer != crowd->inside))
		return -EPROTO;
	n = writer->nr_seen++;
	if (event->code != code_of(writer, n) || event->value != value_of(n))
		return -EPROTO;

	crowd->inside = is_first_of_two(n) ? writer : NULL;
	if (n % 2)
		gate_open(&writer->go);
	return 0;
}

static int see(struct crowd *crowd, const struct input_event *event)
{
	if (event->type == EV_KEY)
		return see_key(crowd, event);
	return event->code == SYN_DROPPED ? -EOVERFLOW : 0;
}

/* Reads all keys of all tasks, each with its SYN_REPORT. */
static int see_all(struct crowd *crowd, int fd)
{
	struct pollfd source = { .fd = fd, .events = POLLIN };
	struct input_event event;
	int left = crowd->nr * NR_EVENTS * 2;
	int err = 0;

	while (!err && left) {
		if (poll(&source, 1, slow(LIMIT_MS)) != 1)
			return -ETIMEDOUT;
		if (read(fd, &event, sizeof(event)) != sizeof(event))
			return -EIO;
		err = see(crowd, &event);
		left--;
	}
	return err;
}

FIXTURE(writers)
{
	struct crowd crowd;
	pid_t tasks[MAX_TASKS];
	int event;
};

/*
 * .nr tasks write.  If .has_own_file is set, each of them has an open file of
 * its own, otherwise they share one.
 */
FIXTURE_VARIANT(writers)
{
	int nr;
	bool has_own_file;
};

FIXTURE_VARIANT_ADD(writers, two) { .nr = 2 };
FIXTURE_VARIANT_ADD(writers, two_files) { .nr = 2, .has_own_file = true };
FIXTURE_VARIANT_ADD(writers, eight) { .nr = 8 };
FIXTURE_VARIANT_ADD(writers, eight_files) { .nr = 8, .has_own_file = true };

FIXTURE_SETUP(writers)
{
	struct writer *writer;

	SKIP_IF_LACKING(return, evdev_lacking());
	ASSERT_EQ(0, vinput_begin("vkbd"));
	ASSERT_EQ(0, vinput_export("vkbd"));
	self->event = vinput_event_open(0);
	ASSERT_LE(0, self->event);

	self->crowd.nr = variant->nr;
	for (writer = self->crowd.writers;
	     writer < self->crowd.writers + variant->nr; writer++) {
		writer->number = writer - self->crowd.writers;
		writer->fd = writer->number && !variant->has_own_file ?
				     self->crowd.writers[0].fd : vinput_open(0);
		ASSERT_LE(0, writer->fd);
		ASSERT_EQ(0, gate_init(&writer->go));
	}
}

FIXTURE_TEARDOWN(writers)
{
	close(self->event);
	vinput_clear();
}

TEST_F(writers, keys_all_arrive_in_the_order_of_each)
{
	int i;

	for (i = 0; i < variant->nr; i++) {
		self->tasks[i] = task_start(write_keys, &self->crowd.writers[i]);
		ASSERT_LT(0, self->tasks[i]);
	}
	for (i = 0; i < variant->nr; i++)
		gate_open(&self->crowd.writers[i].go);

	EXPECT_EQ(0, see_all(&self->crowd, self->event));
	for (i = 0; i < variant->nr; i++) {
		EXPECT_EQ(NR_EVENTS, self->crowd.writers[i].nr_seen);
		EXPECT_EQ(0, task_wait(self->tasks[i]));
	}
	EXPECT_STREQ("", vinput_events(self->event));
}

TEST_HARNESS_MAIN
