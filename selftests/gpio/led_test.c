// SPDX-License-Identifier: GPL-2.0
/*
 * LED - /dev/gpio_led, which sets a line high and low
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/lacking.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/unprivileged.h"
#include "lib/usermem.h"
#include "line.h"
#include "node_watch.h"
#include "sim.h"
#include "suites/load_race.h"
#include "suites/module_ref.h"
#include "trace.h"

#include "led_module.h"

#define MODULE		"led"
#define DEVICE		"/dev/gpio_led"
#define DRIVER		"/sys/bus/platform/drivers/gpio_led"
#define LED		4
#define GIB		(1024 * 1024 * 1024L)

static bool has_device(void)
{
	return !access(DEVICE, F_OK) || !access("/sys/class/misc/gpio_led", F_OK);
}

FIXTURE(led)
{
	struct kmsg log;
	int fd;
};

FIXTURE_SETUP(led)
{
	SKIP_IF_LACKING(return, sim_prepare());
	ASSERT_EQ(0, kmsg_open(&self->log));
	ASSERT_EQ(0, module_reload(MODULE, ""));
	self->fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(led)
{
	close(self->fd);
	EXPECT_EQ(0, module_unload(MODULE));
	kmsg_close(&self->log);
}

/*
 * LED-4: the module did not build for some kernels.  There, this test would not
 * find it.
 */
TEST_F(led, is_off_at_first)
{
	EXPECT_EQ(0, sim_value(LED));
	EXPECT_TRUE(line_is_output(LED));
	EXPECT_STREQ("LED 1", line_consumer(LED));
}

TEST_F(led, is_turned_on_and_off)
{
	EXPECT_EQ(1, sysret(write(self->fd, "1", 1)));
	EXPECT_EQ(1, sim_value(LED));
	EXPECT_EQ(1, sysret(write(self->fd, "1", 1)));
	EXPECT_EQ(1, sim_value(LED));
	EXPECT_EQ(2, sysret(write(self->fd, "0\n", 2)));
	EXPECT_EQ(0, sim_value(LED));
}

TEST_F(led, outlives_the_open)
{
	close(self->fd);
	EXPECT_EQ(2, file_write(DEVICE, "1\n"));
	EXPECT_EQ(1, sim_value(LED));
}

/*
 * LED-3: the module set the line again to the value that it had.  Only the
 * trace shows this.
 */
TEST_F(led, write_of_nothing_does_nothing)
{
	EXPECT_EQ(1, sysret(write(self->fd, "1", 1)));
	ASSERT_EQ(NULL, trace_start());
	EXPECT_EQ(0, sysret(write(self->fd, "0", 0)));
	EXPECT_EQ(0, sysret(write(self->fd, NULL, 0)));
	EXPECT_EQ(-1, trace_last_set());
	EXPECT_EQ(1, sim_value(LED));
	trace_stop();
}

TEST_F(led, command_from_a_bad_buffer_returns_efault)
{
	struct usermem mem;
	int kind;

	ASSERT_EQ(0, usermem_init(&mem));
	for (kind = 0; kind < USERMEM_HALF; kind++)
		EXPECT_EQ(-EFAULT, sysret(write(self->fd,
						usermem_addr(&mem, kind), 1)));
	EXPECT_EQ(0, sim_value(LED));
	usermem_destroy(&mem);
}

TEST_F(led, cannot_be_read)
{
	char byte = 'x';

	EXPECT_EQ(-EINVAL, sysret(read(self->fd, &byte, 1)));
	EXPECT_EQ('x', byte);
}

TEST_F(led, is_not_for_nobody)
{
	EXPECT_EQ(-EACCES, unprivileged_opens("/dev", "gpio_led", O_WRONLY));
	EXPECT_EQ(-EACCES, unprivileged_opens("/dev", "gpio_led", O_RDONLY));
}

TEST_F(led, can_be_opened_by_many)
{
	int fd = open(DEVICE, O_WRONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(1, sysret(write(fd, "1", 1)));
	EXPECT_EQ(1, sim_value(LED));
	EXPECT_EQ(1, sysret(write(self->fd, "0", 1)));
	EXPECT_EQ(0, sim_value(LED));
	close(fd);
}

TEST_F(led, nothing_is_logged)
{
	EXPECT_EQ(1, sysret(write(self->fd, "1", 1)));
	EXPECT_EQ(-EINVAL, sysret(write(self->fd, "x", 1)));
	close(self->fd);
	ASSERT_EQ(0, module_reload(MODULE, ""));
	EXPECT_NO_LOG(&self->log);
}

/*
 * LED-1: if a user could unbind the driver, that would release the line while
 * the device is open.
 */
TEST_F(led, cannot_be_unbound)
{
	EXPECT_EQ(0, access(DRIVER, F_OK));
	EXPECT_EQ(-ENOENT, sysret(access(DRIVER "/unbind", F_OK)));
	EXPECT_EQ(-ENOENT, sysret(access(DRIVER "/bind", F_OK)));
}

/* LED-5 */
TEST_F(led, unload_leaves_neither_line_nor_device)
{
	close(self->fd);
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_STREQ("", line_consumer(LED));
	EXPECT_FALSE(has_device());
	EXPECT_EQ(-ENOENT, sysret(access(DRIVER, F_OK)));
	ASSERT_EQ(0, module_load(MODULE, ""));
}

/*
 * The test writes .len bytes of .text.  .value is the value of the line after
 * that, or -1 if the device must refuse the write.
 */
FIXTURE(command)
{
	int fd;
};

FIXTURE_VARIANT(command)
{
	const char *text;
	long len;
	int value;
};

FIXTURE_VARIANT_ADD(command, 0) { "0", 1, 0 };
FIXTURE_VARIANT_ADD(command, 0_newline) { "0\n", 2, 0 };
FIXTURE_VARIANT_ADD(command, 1) { "1", 1, 1 };
FIXTURE_VARIANT_ADD(command, 1_newline) { "1\n", 2, 1 };
FIXTURE_VARIANT_ADD(command, 2) { "2", 1, -1 };
FIXTURE_VARIANT_ADD(command, letter) { "x", 1, -1 };
FIXTURE_VARIANT_ADD(command, nul) { "\0", 1, -1 };
FIXTURE_VARIANT_ADD(command, newline) { "\n", 1, -1 };
FIXTURE_VARIANT_ADD(command, newline_before) { "\n1", 2, -1 };
FIXTURE_VARIANT_ADD(command, blank_before) { " 1", 2, -1 };
FIXTURE_VARIANT_ADD(command, minus) { "-1", 2, -1 };
FIXTURE_VARIANT_ADD(command, nul_behind) { "1\0", 2, -1 };
FIXTURE_VARIANT_ADD(command, two_digits) { "10", 2, -1 };
FIXTURE_VARIANT_ADD(command, two_newlines) { "1\n\n", 3, -1 };
FIXTURE_VARIANT_ADD(command, two_commands) { "1\n0\n", 4, -1 };
FIXTURE_VARIANT_ADD(command, 2_gib) { "1\n", 2 * GIB, -1 };

FIXTURE_SETUP(command)
{
	SKIP_IF_LACKING(return, sim_prepare());
	ASSERT_EQ(0, module_reload(MODULE, ""));
	self->fd = open(DEVICE, O_WRONLY | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(command)
{
	close(self->fd);
	EXPECT_EQ(0, module_unload(MODULE));
}

/*
 * LED-2, LED-6: a write of an invalid command succeeded, and the module took
 * each two bytes of a longer text for a command.
 */
TEST_F(command, sets_the_line_or_changes_nothing)
{
	int before;

	for (before = 0; before <= 1; before++) {
		ASSERT_EQ(1, sysret(write(self->fd, before ? "1" : "0", 1)));
		EXPECT_EQ(variant->value < 0 ? -EINVAL : variant->len,
			  sysret(write(self->fd, variant->text, variant->len)));
		EXPECT_EQ(variant->value < 0 ? before : variant->value,
			  sim_value(LED));
	}
}

/*
 * Which lines the module accepts when it is loaded, and what remains after a
 * load that fails.
 */
FIXTURE(lines)
{
	int taken;
	int watch;
};

FIXTURE_SETUP(lines)
{
	self->taken = -1;
	SKIP_IF_LACKING(return, sim_prepare());
	module_unload(MODULE);
	self->watch = node_watch_watch();
	ASSERT_LE(0, self->watch);
}

FIXTURE_TEARDOWN(lines)
{
	if (self->taken >= 0)
		close(self->taken);
	close(self->watch);
	module_unload(MODULE);
	trace_stop();
}

TEST_F(lines, any_of_the_chip_will_do)
{
	ASSERT_EQ(0, module_load(MODULE, "chip=" SIM_LABEL " led=19"));
	EXPECT_STREQ("", line_consumer(LED));
	EXPECT_STREQ("LED 1", line_consumer(19));
	EXPECT_EQ(2, file_write(DEVICE, "1\n"));
	EXPECT_EQ(1, sim_value(19));
	EXPECT_EQ(0, sim_value(LED));
}

/* LED-5: inotify would show a node created before the line is requested. */
TEST_F(lines, one_that_is_busy_is_refused)
{
	self->taken = line_take(LED);
	ASSERT_LE(0, self->taken);
	EXPECT_EQ(-EBUSY, module_load(MODULE, ""));
	EXPECT_FALSE(has_device());
	EXPECT_FALSE(node_watch_has(self->watch, "gpio_led"));
	EXPECT_EQ(-ENOENT, sysret(access(DRIVER, F_OK)));
	EXPECT_STREQ("somebody else", line_consumer(LED));

	close(self->taken);
	self->taken = -1;
	EXPECT_EQ(0, module_load(MODULE, ""));
	EXPECT_TRUE(node_watch_has(self->watch, "gpio_led"));
}

TEST_F(lines, that_is_not_there_is_refused)
{
	EXPECT_EQ(-ENODEV, module_load(MODULE, "chip=nowhere"));
	EXPECT_EQ(-ENODEV, module_load(MODULE, "chip="));
	EXPECT_EQ(-EINVAL, module_load(MODULE, "led=20"));
	EXPECT_EQ(-EINVAL, module_load(MODULE, "led=65534"));
	EXPECT_EQ(-ERANGE, module_load(MODULE, "led=65536"));
	EXPECT_EQ(-EINVAL, module_load(MODULE, "led=-1"));
	EXPECT_EQ(-EINVAL, module_load(MODULE, "led=four"));
	EXPECT_FALSE(has_device());
	EXPECT_EQ(0, module_load(MODULE, "led=19"));
}

TEST_F(lines, is_low_before_it_goes)
{
	const char *lacking = trace_start();

	ASSERT_EQ(NULL, lacking);
	ASSERT_EQ(0, module_load(MODULE, ""));
	EXPECT_EQ(2, file_write(DEVICE, "1\n"));
	EXPECT_EQ(1, trace_last_set());
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_EQ(0, trace_last_set());
}

/* The chip is missing, as on a stock kernel. */
TEST(load_without_a_chip_returns_enodev)
{
	module_unload(MODULE);
	EXPECT_EQ(-ENODEV, module_load(MODULE, "chip=nowhere"));
	EXPECT_FALSE(has_device());
	EXPECT_FALSE(module_is_loaded(MODULE));
}

TEST_HARNESS_MAIN
