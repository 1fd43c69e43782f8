// SPDX-License-Identifier: GPL-2.0
/*
 * Kbleds - LEDs that blink on the console in the foreground, and nowhere else
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <syslog.h>
#include <unistd.h>

#include "console.h"
#include "lib/await.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"

#define MODULE		"kbleds"
#define NR_LOADS	20
#define NR_HOGS		2
#define NR_BUSY_LOADS	4
/* The number of bytes that a terminal passes to the console at a time. */
#define CHUNK		2048
/* The consoles that the tests use.  No test opens the last one. */
#define FIRST		1
#define SECOND		2
#define ELEVENTH	11
#define UNOPENED	12
/* A time in which the LEDs change at least twice; they change every 200 ms. */
#define BLINKS_MS	450

static int load(void *arg)
{
	return module_load(MODULE, "");
}

static int unload(void *arg)
{
	return module_unload(MODULE);
}

/* The console in the foreground is not open. */
FIXTURE(closed)
{
	struct kmsg log;
};

FIXTURE_SETUP(closed)
{
	if (access("/dev/tty1", F_OK))
		SKIP(return, "needs CONFIG_VT");
	module_unload(MODULE);
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(closed)
{
	kmsg_close(&self->log);
}

/* KBLEDS-1 */
TEST_F(closed, console_is_no_device_to_load_for)
{
	EXPECT_EQ(-ENODEV, module_load(MODULE, ""));
	EXPECT_FALSE(module_is_loaded(MODULE));
	EXPECT_LOG(&self->log, "kbleds: loading", "kbleds: fgconsole is 0");
}

/* Two consoles are open, and the first is in the foreground. */
FIXTURE(console)
{
	struct kmsg log;
	int first;
	int second;
};

FIXTURE_SETUP(console)
{
	self->first = console_open(FIRST);
	if (self->first == -ENOENT)
		SKIP(return, "needs CONFIG_VT");
	ASSERT_LE(0, self->first);
	self->second = console_open(SECOND);
	ASSERT_LE(0, self->second);
	module_unload(MODULE);

	ASSERT_EQ(0, console_show(self->first, FIRST));
	ASSERT_EQ(0, console_set_flags(self->first, LED_NUM));
	ASSERT_EQ(0, console_set_flags(self->second, LED_CAP));
	EXPECT_LEDS(self->first, LED_NUM);
	ASSERT_EQ(0, kmsg_open(&self->log));
	ASSERT_EQ(0, module_load(MODULE, ""));
}

FIXTURE_TEARDOWN(console)
{
	module_unload(MODULE);
	kmsg_close(&self->log);
	console_set_flags(self->second, 0);
	close(self->second);
	close(self->first);

	self->first = console_open(FIRST);
	console_show(self->first, FIRST);
	console_set_flags(self->first, 0);
	ioctl(self->first, VT_DISALLOCATE, 0);
	close(self->first);
}

/* KBLEDS-3 */
TEST_F(console, blinks)
{
	EXPECT_LEDS(self->first, CONSOLE_ALL_LEDS);
	EXPECT_LEDS(self->first, LED_NUM);
	EXPECT_LEDS(self->first, CONSOLE_ALL_LEDS);
	EXPECT_LEDS(self->first, LED_NUM);
}

/* KBLEDS-6 */
TEST_F(console, logs_what_the_document_shows)
{
	EXPECT_LEDS(self->first, CONSOLE_ALL_LEDS);
	EXPECT_LOG(&self->log, "kbleds: loading", "kbleds: fgconsole is 0",
		   "kbleds: finished scanning consoles");

	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LOG(&self->log, "kbleds: unloading...");
}

TEST_F(console, logs_at_the_level_of_information)
{
	ASSERT_EQ(0, module_unload(MODULE));
	while (*kmsg_next(&self->log))
		EXPECT_EQ(LOG_INFO, self->log.level);
}

TEST_F(console, that_is_the_eleventh_is_logged_as_a)
{
	int fd = console_open(ELEVENTH);

	ASSERT_EQ(0, module_unload(MODULE));
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, console_show(fd, ELEVENTH));
	ASSERT_EQ(0, kmsg_skip(&self->log));

	ASSERT_EQ(0, module_load(MODULE, ""));
	EXPECT_LOG(&self->log, "kbleds: loading", "kbleds: fgconsole is a",
		   "kbleds: finished scanning consoles");
	EXPECT_EQ(0, module_unload(MODULE));
	EXPECT_EQ(0, console_show(fd, FIRST));
	close(fd);
}

TEST_F(console, that_is_lit_is_restored_by_an_unload)
{
	EXPECT_LEDS(self->first, CONSOLE_ALL_LEDS);
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LEDS(self->first, LED_NUM);
}

/* KBLEDS-5 */
TEST_F(console, that_was_lit_is_restored_in_the_background)
{
	EXPECT_LEDS(self->first, CONSOLE_ALL_LEDS);
	ASSERT_EQ(0, console_show(self->first, SECOND));
	EXPECT_LEDS(self->first, CONSOLE_ALL_LEDS);

	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LEDS(self->first, LED_CAP);
	ASSERT_EQ(0, console_show(self->first, FIRST));
	EXPECT_LEDS(self->first, LED_NUM);
}

/* KBLEDS-5: the module is unloaded before the next change of the LEDs. */
TEST_F(console, that_is_lit_in_the_background_is_restored_by_an_unload)
{
	EXPECT_LEDS(self->first, CONSOLE_ALL_LEDS);
	ASSERT_EQ(0, console_show(self->first, SECOND));
	ASSERT_EQ(0, module_unload(MODULE));

	EXPECT_LEDS(self->first, LED_CAP);
	ASSERT_EQ(0, console_show(self->first, FIRST));
	EXPECT_LEDS(self->first, LED_NUM);
}

/* KBLEDS-5 */
TEST_F(console, that_is_closed_while_it_is_lit_is_restored)
{
	EXPECT_LEDS(self->second, CONSOLE_ALL_LEDS);
	close(self->first);
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LEDS(self->second, LED_NUM);
	self->first = console_open(FIRST);
	EXPECT_LE(0, self->first);
}

/* KBLEDS-1 */
TEST_F(console, that_nobody_has_opened_is_left_alone)
{
	ASSERT_EQ(0, console_show(self->first, UNOPENED));
	EXPECT_LEDS(self->first, 0);
	EXPECT_FALSE(console_await(self->first, CONSOLE_ALL_LEDS, BLINKS_MS));

	ASSERT_EQ(0, console_show(self->first, FIRST));
	EXPECT_LEDS(self->first, CONSOLE_ALL_LEDS);
}

/* KBLEDS-1 */
TEST_F(console, that_nobody_has_opened_may_be_there_at_the_unload)
{
	EXPECT_LEDS(self->first, CONSOLE_ALL_LEDS);
	ASSERT_EQ(0, console_show(self->first, UNOPENED));
	EXPECT_EQ(0, module_unload(MODULE));
	EXPECT_LEDS(self->first, 0);
}

/* KBLEDS-4 */
TEST_F(console, that_was_lit_can_be_deallocated)
{
	ASSERT_EQ(0, console_show(self->first, SECOND));
	EXPECT_LEDS(self->first, LED_CAP);
	EXPECT_LEDS(self->first, CONSOLE_ALL_LEDS);

	ASSERT_EQ(0, console_show(self->first, FIRST));
	EXPECT_EQ(0, close(self->second));
	EXPECT_EQ(0, console_deallocate(self->first, SECOND));
	EXPECT_LEDS(self->first, CONSOLE_ALL_LEDS);

	ASSERT_EQ(0, module_unload(MODULE));
	self->second = console_open(SECOND);
	ASSERT_LE(0, self->second);
	ASSERT_EQ(0, console_show(self->first, SECOND));
	EXPECT_LEDS(self->first, LED_CAP);
}

static int hang_up_console(void *arg)
{
	int fd;

	if (setsid() < 0)
		return -errno;
	fd = console_open(FIRST);
	if (fd < 0 || ioctl(fd, TIOCSCTTY, 1))
		return -errno;
	signal(SIGHUP, SIG_IGN);
	return sysret(vhangup());
}

TEST_F(console, that_is_lit_may_be_hung_up)
{
	EXPECT_LEDS(self->second, CONSOLE_ALL_LEDS);
	EXPECT_EQ(0, task_run(hang_up_console, NULL));
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LEDS(self->second, LED_NUM);
}

static int keep_a_processor_busy(void *arg)
{
	int err = task_become_nobody();

	while (!err)
		;
	return err;
}

/*
 * KBLEDS-4: the LEDs change while the processors run tasks without privileges.
 */
TEST_F(console, blinks_while_others_take_all_processors)
{
	pid_t hogs[NR_HOGS];
	int i;

	for (i = 0; i < NR_HOGS; i++)
		hogs[i] = task_start(keep_a_processor_busy, NULL);
	for (i = 0; i < NR_HOGS; i++) {
		EXPECT_LEDS(self->first, LED_NUM);
		EXPECT_LEDS(self->first, CONSOLE_ALL_LEDS);
	}
	for (i = 0; i < NR_HOGS; i++) {
		EXPECT_EQ(0, kill(hogs[i], SIGKILL));
		EXPECT_EQ(SIGKILL, task_wait(hogs[i]));
	}
}

/* Drops the capability that is needed to set the LEDs of a console. */
static int drop_the_privilege(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &head, caps))
		return -errno;
	caps[0].effective &= ~(1U << CAP_SYS_TTY_CONFIG);
	caps[0].permitted &= ~(1U << CAP_SYS_TTY_CONFIG);
	return sysret(syscall(SYS_capset, &head, caps));
}

static int load_without_the_privilege(void *arg)
{
	int err = drop_the_privilege();

	return err ? err : load(arg);
}

static int unload_without_the_privilege(void *arg)
{
	int err = drop_the_privilege();

	return err ? err : unload(arg);
}

/* KBLEDS-4 */
TEST_F(console, does_not_ask_who_loads_and_unloads)
{
	ASSERT_EQ(0, module_unload(MODULE));
	ASSERT_EQ(0, task_run(load_without_the_privilege, NULL));
	EXPECT_LEDS(self->first, CONSOLE_ALL_LEDS);

	ASSERT_EQ(0, task_run(unload_without_the_privilege, NULL));
	EXPECT_LEDS(self->first, LED_NUM);
}

static int load_as_nobody(void *arg)
{
	int err = task_become_nobody();

	return err ? err : load(arg);
}

TEST_F(console, is_not_for_nobody_to_light)
{
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_EQ(-EPERM, task_run(load_as_nobody, NULL));
	EXPECT_FALSE(module_is_loaded(MODULE));
}

/*
 * Writes to a console until it is killed.  The kernel holds the console lock
 * for some milliseconds for each chunk.
 */
static int reset_again_and_again(void *console)
{
	char chunk[CHUNK];
	int i;

	for (i = 0; i < CHUNK; i += strlen("\033c"))
		memcpy(chunk + i, "\033c", strlen("\033c"));
	while (write(*(int *)console, chunk, CHUNK) > 0)
		;
	return -errno;
}

/*
 * KBLEDS-2: if a change of the LEDs waits for the console lock at the unload,
 * it must not start the timer of the next change.
 */
TEST_F(console, that_others_keep_locked_is_not_lit_after_the_unload)
{
	pid_t writer = task_start(reset_again_and_again, &self->second);
	int i;

	for (i = 0; i < NR_BUSY_LOADS; i++) {
		EXPECT_EQ(0, module_unload(MODULE));
		/*
		 * The kernel reports a change of the LEDs only after its
		 * tasklet has run.
		 */
		EXPECT_LEDS(self->first, LED_NUM);
		EXPECT_FALSE(console_await(self->first, CONSOLE_ALL_LEDS,
					   BLINKS_MS));
		EXPECT_EQ(0, module_load(MODULE, ""));
	}
	EXPECT_EQ(0, kill(writer, SIGKILL));
	EXPECT_EQ(SIGKILL, task_wait(writer));
	EXPECT_LEDS(self->first, CONSOLE_ALL_LEDS);
}

/*
 * KBLEDS-2: if a change of the LEDs were still pending after the unload, it
 * would light them soon.
 */
TEST_F(console, is_restored_by_every_unload)
{
	int i;

	for (i = 0; i < NR_LOADS; i++) {
		EXPECT_LEDS(self->first, CONSOLE_ALL_LEDS);
		ASSERT_EQ(0, module_unload(MODULE));
		EXPECT_LEDS(self->first, LED_NUM);
		ASSERT_EQ(0, module_load(MODULE, ""));
	}
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LEDS(self->first, LED_NUM);
	EXPECT_FALSE(console_await(self->first, CONSOLE_ALL_LEDS, BLINKS_MS));
}

TEST_HARNESS_MAIN
