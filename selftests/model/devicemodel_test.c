// SPDX-License-Identifier: GPL-2.0
/*
 * Device model - a device and its driver: bind, unbind, suspend and resume
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <kselftest_harness.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "platform.h"

#define MODULE		"devicemodel"
#define DRIVER		"devicemodel_example"
#define DEVICE		"devicemodel_example"
/* A device of another module, which has no platform data. */
#define OTHER_MODULE	"dma"
#define OTHER_DEVICE	"lkmpg_dma_demo"
#define NR_LOADS	20
#define NR_ALARMS	20
#define PM_STATE	"/sys/power/state"
#define PM_ASYNC	"/sys/power/pm_async"
#define PM_SYNC		"/sys/power/sync_on_suspend"

static int unbind_as_nobody(void *arg)
{
	int err = task_become_nobody();

	return err ? err : platform_unbind(DEVICE, DRIVER);
}

static int load_by_alias(void *arg)
{
	execlp("modprobe", "modprobe", "platform:" DEVICE, NULL);
	return -errno;
}

/*
 * Returns the next record that the module has logged, or "" if there is none.
 */
static const char *next_of_ours(struct kmsg *log)
{
	const char *text;

	do {
		text = kmsg_next(log);
	} while (*text && strncmp(text, MODULE " ", strlen(MODULE " ")));
	return text;
}

FIXTURE(devicemodel)
{
	struct kmsg log;
	int file;
};

FIXTURE_SETUP(devicemodel)
{
	ASSERT_EQ(0, kmsg_open(&self->log));
	self->file = module_open(MODULE);
	ASSERT_LE(0, self->file);
	ASSERT_EQ(0, module_insert(self->file, ""));
}

FIXTURE_TEARDOWN(devicemodel)
{
	module_unload(MODULE);
	close(self->file);
	kmsg_close(&self->log);
}

/* DEVMODEL-3 */
TEST_F(devicemodel, load_probes_a_device)
{
	EXPECT_LOG(&self->log, "devicemodel init", "devicemodel probe",
		   "devicemodel greeting: Hello; 42");
	EXPECT_TRUE(platform_is_bound(DEVICE, DRIVER));
}

TEST_F(devicemodel, unload_removes_device_and_driver)
{
	kmsg_skip(&self->log);
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LOG(&self->log, "devicemodel exit",
		   "devicemodel example removed");
	EXPECT_EQ(-ENOENT, sysret(access(PLATFORM_DEVICES DEVICE, F_OK)));
	EXPECT_EQ(-ENOENT, sysret(access(PLATFORM_DRIVERS DRIVER, F_OK)));
}

/* DEVMODEL-2 */
TEST_F(devicemodel, can_be_unbound_and_bound)
{
	kmsg_skip(&self->log);
	EXPECT_EQ(0, platform_unbind(DEVICE, DRIVER));
	EXPECT_LOG(&self->log, "devicemodel example removed");
	EXPECT_FALSE(platform_is_bound(DEVICE, DRIVER));
	EXPECT_EQ(-ENODEV, platform_unbind(DEVICE, DRIVER));

	EXPECT_EQ(0, platform_bind(DEVICE, DRIVER));
	EXPECT_LOG(&self->log, "devicemodel probe",
		   "devicemodel greeting: Hello; 42");
	EXPECT_TRUE(platform_is_bound(DEVICE, DRIVER));
}

TEST_F(devicemodel, unload_of_an_unbound_device_removes_nothing)
{
	ASSERT_EQ(0, platform_unbind(DEVICE, DRIVER));
	kmsg_skip(&self->log);
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LOG(&self->log, "devicemodel exit");
}

TEST_F(devicemodel, nobody_can_unbind_it)
{
	EXPECT_EQ(-EACCES, task_run(unbind_as_nobody, NULL));
	EXPECT_TRUE(platform_is_bound(DEVICE, DRIVER));
}

/* DEVMODEL-4 */
TEST_F(devicemodel, is_found_by_the_name_of_the_device)
{
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_EQ(0, task_run(load_by_alias, NULL));
	EXPECT_TRUE(module_is_loaded(MODULE));
}

/* Even with async_probe, the device is bound when the load returns. */
TEST_F(devicemodel, is_bound_after_each_load)
{
	int i;

	for (i = 0; i < NR_LOADS; i++) {
		ASSERT_EQ(0, module_unload(MODULE));
		ASSERT_EQ(0, module_insert(self->file, "async_probe"));
		ASSERT_TRUE(platform_is_bound(DEVICE, DRIVER));
	}
}

/* DEVMODEL-1 */
TEST_F(devicemodel, refuses_a_device_without_data)
{
	ASSERT_EQ(0, module_reload(OTHER_MODULE, ""));
	ASSERT_EQ(0, platform_unbind(OTHER_DEVICE, OTHER_DEVICE));
	ASSERT_EQ(0, platform_override(OTHER_DEVICE, DRIVER));
	kmsg_skip(&self->log);

	EXPECT_EQ(-EINVAL, platform_bind(OTHER_DEVICE, DRIVER));
	EXPECT_FALSE(platform_is_bound(OTHER_DEVICE, DRIVER));
	EXPECT_STREQ("", next_of_ours(&self->log));

	EXPECT_TRUE(platform_is_bound(DEVICE, DRIVER));
	EXPECT_EQ(0, module_unload(OTHER_MODULE));
}

/*
 * A suspend that is aborted, so that the system does not really sleep.  The
 * kernel suspends devices in the reverse order of their registration: the
 * device of this module first, and then, before most others, the alarmtimer
 * device.  That device aborts the suspend if the next alarm is near.
 */
FIXTURE(asleep)
{
	struct kmsg log;
	char async[16];
	char sync[16];
	int alarms[NR_ALARMS];
};

static bool has_device_of_alarms(void)
{
	glob_t found;
	int err = glob(PLATFORM_DRIVERS "alarmtimer/alarmtimer*", 0, NULL,
		       &found);

	if (!err)
		globfree(&found);
	return !err;
}

/*
 * Sets an alarm after @seconds and a half.  The setup calls this for each
 * second that the suspend may take, so that an alarm is always near.
 */
static int set_alarm(int seconds)
{
	struct itimerspec at = {
		.it_value = { .tv_sec = seconds, .tv_nsec = 500000000 },
	};
	int fd = timerfd_create(CLOCK_BOOTTIME_ALARM, TFD_CLOEXEC);

	return fd >= 0 && !timerfd_settime(fd, 0, &at, NULL) ? fd : -1;
}

FIXTURE_SETUP(asleep)
{
	int i;

	if (access(PM_ASYNC, F_OK))
		SKIP(return, "needs CONFIG_SUSPEND");
	if (!has_device_of_alarms())
		SKIP(return, "needs CONFIG_RTC_CLASS");

	ASSERT_LT(0, file_read(PM_ASYNC, self->async, sizeof(self->async)));
	ASSERT_LT(0, file_read(PM_SYNC, self->sync, sizeof(self->sync)));
	ASSERT_EQ(1, file_write(PM_ASYNC, "0"));
	ASSERT_EQ(1, file_write(PM_SYNC, "0"));
	ASSERT_EQ(0, module_reload(MODULE, ""));
	ASSERT_EQ(0, kmsg_open(&self->log));
	for (i = 0; i < NR_ALARMS; i++) {
		self->alarms[i] = set_alarm(i);
		ASSERT_LE(0, self->alarms[i]);
	}
}

FIXTURE_TEARDOWN(asleep)
{
	int i;

	for (i = 0; i < NR_ALARMS; i++)
		close(self->alarms[i]);
	file_write(PM_ASYNC, self->async);
	file_write(PM_SYNC, self->sync);
	EXPECT_EQ(0, module_unload(MODULE));
	kmsg_close(&self->log);
}

/* DEVMODEL-4 */
TEST_F(asleep, device_is_suspended_and_resumed)
{
	EXPECT_EQ(-EBUSY, file_write(PM_STATE, "freeze"));

	EXPECT_STREQ("devicemodel example suspend", next_of_ours(&self->log));
	EXPECT_STREQ("devicemodel example resume", next_of_ours(&self->log));
	EXPECT_STREQ("", next_of_ours(&self->log));
}

TEST_F(asleep, unbound_device_is_left_alone)
{
	ASSERT_EQ(0, platform_unbind(DEVICE, DRIVER));
	kmsg_skip(&self->log);
	EXPECT_EQ(-EBUSY, file_write(PM_STATE, "freeze"));
	EXPECT_STREQ("", next_of_ours(&self->log));
}

TEST_HARNESS_MAIN
