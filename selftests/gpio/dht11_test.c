// SPDX-License-Identifier: GPL-2.0
/*
 * DHT11 - measurements of a simulated sensor that sends good and bad frames
 *
 * If the simulated sensor is late, the module takes the frame for noise and
 * measures again, and so does the test.
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/await.h"
#include "lib/fault.h"
#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/lacking.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "lib/timeout.h"
#include "lib/unprivileged.h"
#include "line.h"
#include "node_watch.h"
#include "sensor.h"
#include "sim.h"

#define MODULE		"dht11"
#define DEVICE		"/dev/dht11"
#define DRIVER		"/sys/bus/platform/drivers/lkmpg_dht11"
#define LINE		SENSOR_LINE
#define TEXT		"Humidity: 53%\nTemperature: 24 deg C\n"
#define NR_OPENS	10

static int load_for(const struct sensor *sensor)
{
	char params[32];

	snprintf(params, sizeof(params), "scale=%d", sensor->scale);
	return module_reload(MODULE, params);
}

static int open_device(void)
{
	return sysret(open(DEVICE, O_RDONLY | O_CLOEXEC));
}

/* Opens the device.  Tries again after an error that noise may have caused. */
static int open_patiently(void)
{
	int fd = open_device();
	int i;

	for (i = 1; i < NR_OPENS && (fd == -EIO || fd == -ETIMEDOUT); i++)
		fd = open_device();
	return fd;
}

/*
 * Reads an open file and closes it.  Returns its content, or an error message.
 */
static const char *text_of(int fd)
{
	static char text[80];
	long len;

	if (fd < 0)
		return strerror(-fd);
	len = file_read_chunks(fd, text, sizeof(text) - 1, 7);
	text[len < 0 ? 0 : len] = '\0';
	close(fd);
	return text;
}

static int read_once(void *arg)
{
	return strcmp(TEXT, text_of(open_patiently())) ? -EPROTO : 0;
}

static int open_until_killed(void *arg)
{
	for (;;)
		open_device();
	return 0;
}

static bool has_device(void)
{
	return !access(DEVICE, F_OK) || !access("/sys/class/dht11", F_OK);
}

static bool is_held(pid_t unused)
{
	return module_refcount(MODULE) > 0;
}

/* The loaded module, and a sensor that is not started yet. */
FIXTURE(dht11)
{
	struct kmsg log;
	struct sensor sensor;
	pid_t player;
};

FIXTURE_SETUP(dht11)
{
	self->player = 0;
	SKIP_IF_LACKING(return, sim_prepare());

	ASSERT_EQ(0, sim_pull(LINE, true));
	ASSERT_EQ(0, kmsg_open(&self->log));
	self->sensor = sensor_good;
	if (slow(1) > 1)
		self->sensor.scale = SENSOR_SCALE_SLOW;
	ASSERT_EQ(0, load_for(&self->sensor));
}

FIXTURE_TEARDOWN(dht11)
{
	if (self->player > 0) {
		kill(self->player, SIGKILL);
		task_wait(self->player);
	}
	sim_pull(LINE, false);
	EXPECT_EQ(0, module_unload(MODULE));
	kmsg_close(&self->log);
}

TEST_F(dht11, tells_what_the_sensor_says)
{
	self->player = task_start(sensor_play, &self->sensor);
	ASSERT_LT(0, self->player);
	EXPECT_STREQ(TEXT, text_of(open_patiently()));
	EXPECT_FALSE(line_is_output(LINE));
	EXPECT_NO_LOG(&self->log);
}

/* DHT11-2 */
TEST_F(dht11, serves_who_open_it_at_the_same_time)
{
	pid_t other;

	self->player = task_start(sensor_play, &self->sensor);
	ASSERT_LT(0, self->player);
	other = task_start(read_once, NULL);
	ASSERT_LT(0, other);
	EXPECT_EQ(0, read_once(NULL));
	EXPECT_EQ(0, task_wait(other));
}

TEST_F(dht11, each_open_measures_anew)
{
	static const unsigned char other[5] = { 20, 0, 50, 0, 70 };
	int first;

	self->player = task_start(sensor_play, &self->sensor);
	ASSERT_LT(0, self->player);
	first = open_patiently();
	ASSERT_LE(0, first);
	kill(self->player, SIGKILL);
	task_wait(self->player);

	memcpy(self->sensor.bytes, other, sizeof(other));
	self->player = task_start(sensor_play, &self->sensor);
	ASSERT_LT(0, self->player);
	EXPECT_STREQ("Humidity: 20%\nTemperature: 50 deg C\n",
		     text_of(open_patiently()));
	EXPECT_STREQ(TEXT, text_of(first));
}

/* DHT11-4 */
TEST_F(dht11, open_file_holds_the_module)
{
	char byte;
	int fd;

	self->player = task_start(sensor_play, &self->sensor);
	ASSERT_LT(0, self->player);
	fd = open_patiently();
	ASSERT_LE(0, fd);
	EXPECT_LT(0, module_refcount(MODULE));
	EXPECT_EQ(-EWOULDBLOCK, module_unload(MODULE));
	EXPECT_EQ(1, sysret(read(fd, &byte, 1)));
	EXPECT_EQ(-EBADF, sysret(write(fd, &byte, 1)));
	close(fd);
	EXPECT_EQ(0, module_refcount(MODULE));
}

TEST_F(dht11, read_gives_all_or_a_fault)
{
	int fail_nth = fault_open();
	bool had_fault;
	char text[80];
	int nth = 0;
	long ret;
	int fd;

	if (fail_nth == -ENOENT)
		SKIP(return, "needs CONFIG_FAULT_INJECTION");
	ASSERT_LE(0, fail_nth);
	self->player = task_start(sensor_play, &self->sensor);
	ASSERT_LT(0, self->player);
	fd = open_patiently();
	ASSERT_LE(0, fd);
	fault_prepare();
	do {
		fault_arm(fail_nth, ++nth);
		ret = sysret(pread(fd, text, sizeof(text), 0));
		had_fault = fault_disarm(fail_nth);
		EXPECT_EQ(had_fault ? -EFAULT : (long)strlen(TEXT), ret);
	} while (had_fault);
	fault_restore();
	EXPECT_EQ(2, nth);
	close(fail_nth);
	EXPECT_STREQ(TEXT, text_of(fd));
}

/*
 * The checksum is so wrong that it stays wrong if the module reads one or two
 * bits incorrectly, because the simulated sensor is late.
 */
TEST_F(dht11, wrong_sum_is_an_error)
{
	self->sensor.bytes[4] += 0x55;
	self->player = task_start(sensor_play, &self->sensor);
	ASSERT_LT(0, self->player);
	EXPECT_EQ(-EIO, open_device());
	EXPECT_EQ(0, module_refcount(MODULE));
}

/*
 * The module only counts the falling edges here, so their timing does not
 * matter.
 */
TEST_F(dht11, half_a_frame_is_an_error)
{
	self->sensor.bits = SENSOR_NR_BITS / 2;
	self->sensor.scale = SENSOR_SCALE_FAST;
	ASSERT_EQ(0, load_for(&self->sensor));
	self->player = task_start(sensor_play, &self->sensor);
	ASSERT_LT(0, self->player);
	EXPECT_EQ(-ETIMEDOUT, open_device());
}

/*
 * A line without a sensor.  The module expects a sensor of normal speed there.
 */
FIXTURE(silent)
{
	struct kmsg log;
	int taken;
};

FIXTURE_SETUP(silent)
{
	self->taken = -1;
	SKIP_IF_LACKING(return, sim_prepare());
	ASSERT_EQ(0, kmsg_open(&self->log));
	module_unload(MODULE);
}

FIXTURE_TEARDOWN(silent)
{
	if (self->taken >= 0)
		close(self->taken);
	module_unload(MODULE);
	kmsg_close(&self->log);
}

static long own_ms_in_the_kernel(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_stime.tv_sec * 1000 + usage.ru_stime.tv_usec / 1000;
}

/* DHT11-3: the original spent a fifth of this time in a busy-wait. */
TEST_F(silent, line_times_out_and_holds_no_processor)
{
	long before;

	ASSERT_EQ(0, module_load(MODULE, ""));
	before = own_ms_in_the_kernel();
	EXPECT_EQ(-ETIMEDOUT, open_device());
	EXPECT_EQ(-ETIMEDOUT, open_device());
	EXPECT_GT(100, own_ms_in_the_kernel() - before);
	EXPECT_FALSE(line_is_output(LINE));
	EXPECT_STREQ("Signal", line_consumer(LINE));
	EXPECT_NO_LOG(&self->log);
}

/*
 * DHT11-4: an open that waits for the sensor holds a reference to the module,
 * and can be killed.
 */
TEST_F(silent, line_holds_the_module_while_somebody_waits)
{
	pid_t waiting;

	ASSERT_EQ(0, load_for(&sensor_good));
	waiting = task_start(open_until_killed, NULL);
	ASSERT_LT(0, waiting);
	EXPECT_TRUE(await(is_held, 0));
	kill(waiting, SIGKILL);
	EXPECT_EQ(SIGKILL, await_task(waiting));
	EXPECT_EQ(0, module_refcount(MODULE));
}

static int open_led(void *arg)
{
	int fd = sysret(open("/dev/gpio_led", O_WRONLY | O_CLOEXEC));

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

/*
 * One mutex protects the opens of all misc devices.  The module must not hold
 * it during a measurement.
 */
TEST_F(silent, line_keeps_nobody_from_other_devices)
{
	pid_t waiting;

	ASSERT_EQ(0, module_reload("led", "led=5"));
	ASSERT_EQ(0, module_load(MODULE, "scale=1000"));
	waiting = task_start(open_until_killed, NULL);
	ASSERT_LT(0, waiting);
	EXPECT_TRUE(await(is_held, 0));
	EXPECT_EQ(0, await_task(task_start(open_led, NULL)));
	kill(waiting, SIGKILL);
	EXPECT_EQ(SIGKILL, await_task(waiting));
	EXPECT_EQ(0, module_unload("led"));
}

TEST_F(silent, device_is_not_for_nobody)
{
	ASSERT_EQ(0, module_load(MODULE, ""));
	EXPECT_EQ(-EACCES, unprivileged_opens("/dev", "dht11", O_RDONLY));
}

TEST_F(silent, device_cannot_be_unbound)
{
	ASSERT_EQ(0, module_load(MODULE, ""));
	EXPECT_EQ(0, access(DRIVER, F_OK));
	EXPECT_EQ(-ENOENT, sysret(access(DRIVER "/unbind", F_OK)));
}

/*
 * DHT11-1: if the module created the node before it requested the line, inotify
 * would show this.
 */
TEST_F(silent, busy_line_is_refused)
{
	int watch = node_watch_watch();

	ASSERT_LE(0, watch);
	self->taken = line_take(LINE);
	ASSERT_LE(0, self->taken);
	EXPECT_EQ(-EBUSY, module_load(MODULE, ""));
	EXPECT_FALSE(has_device());
	EXPECT_FALSE(node_watch_has(watch, "dht11"));
	EXPECT_STREQ("somebody else", line_consumer(LINE));

	EXPECT_EQ(0, module_load(MODULE, "line=19"));
	EXPECT_TRUE(node_watch_has(watch, "dht11"));
	close(watch);
}

/* DHT11-1 */
TEST_F(silent, unload_leaves_neither_line_nor_device)
{
	ASSERT_EQ(0, module_load(MODULE, "line=19"));
	EXPECT_STREQ("Signal", line_consumer(19));
	EXPECT_TRUE(has_device());
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_STREQ("", line_consumer(19));
	EXPECT_FALSE(has_device());
}

/* DHT11-5 */
TEST_F(silent, line_that_is_not_there_is_refused)
{
	EXPECT_EQ(-ENODEV, module_load(MODULE, "chip=nowhere"));
	EXPECT_EQ(-EINVAL, module_load(MODULE, "line=20"));
	EXPECT_EQ(-ERANGE, module_load(MODULE, "line=65536"));
	EXPECT_FALSE(has_device());
}

/* This test needs no gpio-sim, so it also runs on a stock kernel. */
TEST(wrong_parameters_are_refused)
{
	module_unload(MODULE);
	EXPECT_EQ(-EINVAL, module_load(MODULE, "scale=0"));
	EXPECT_EQ(-EINVAL, module_load(MODULE, "scale=1001"));
	EXPECT_EQ(-ENODEV, module_load(MODULE, "scale=1000 chip=nowhere"));
	EXPECT_FALSE(has_device());
	EXPECT_FALSE(module_is_loaded(MODULE));
}

TEST_HARNESS_MAIN
