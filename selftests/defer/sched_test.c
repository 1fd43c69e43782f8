// SPDX-License-Identifier: GPL-2.0
/*
 * Sched - one work item on a workqueue, and the unload, which waits for it
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <string.h>
#include <sys/mount.h>
#include <syslog.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/loader.h"
#include "lib/module.h"

#define MODULE		"sched"
#define LINE		"work handler function."
#define NR_LOADS	20
#define TRACEFS		"/sys/kernel/tracing"
#define QUEUED		TRACEFS "/events/workqueue/workqueue_queue_work"

FIXTURE(work)
{
	struct kmsg log;
	int file;
};

FIXTURE_SETUP(work)
{
	self->file = loader_open(MODULE, &self->log);
	ASSERT_LE(0, self->file);
}

FIXTURE_TEARDOWN(work)
{
	loader_close(self->file, MODULE, &self->log);
}

TEST_F(work, runs_without_an_unload)
{
	ASSERT_EQ(0, module_insert(self->file, ""));
	EXPECT_STREQ(LINE, kmsg_wait(&self->log));
	EXPECT_NO_LOG(&self->log);
	EXPECT_EQ(0, module_refcount(MODULE));
}

TEST_F(work, logs_at_the_level_of_information)
{
	ASSERT_EQ(0, module_insert(self->file, ""));
	ASSERT_STREQ(LINE, kmsg_wait(&self->log));
	EXPECT_EQ(LOG_INFO, self->log.level);
}

/* SCHED-1 */
TEST_F(work, has_run_once_when_the_module_has_gone)
{
	int i;

	for (i = 0; i < NR_LOADS; i++) {
		ASSERT_EQ(0, module_insert(self->file, ""));
		ASSERT_EQ(0, module_unload(MODULE));
		EXPECT_LOG(&self->log, LINE);
	}
}

TEST_F(work, is_not_for_nobody_to_load)
{
	EXPECT_EQ(-EPERM, loader_loads_as_nobody(self->file));
	EXPECT_NO_LOG(&self->log);
}

/* The kernel's trace of the work items that the module queues. */
FIXTURE(queue)
{
	char trace[8192];
};

FIXTURE_SETUP(queue)
{
	mount("none", TRACEFS, "tracefs", 0, NULL);
	if (access(QUEUED, F_OK))
		SKIP(return, "needs CONFIG_FTRACE");

	module_unload(MODULE);
	ASSERT_LE(0, file_write(TRACEFS "/trace", ""));
	ASSERT_LT(0, file_write(QUEUED "/filter", "workqueue == \"HELLOWORLD\""));
	ASSERT_LT(0, file_write(QUEUED "/enable", "1"));
}

FIXTURE_TEARDOWN(queue)
{
	module_unload(MODULE);
	file_write(QUEUED "/enable", "0");
	file_write(QUEUED "/filter", "0");
	file_write(TRACEFS "/trace", "");
}

/* SCHED-1, SCHED-3 */
TEST_F(queue, gets_the_work_item)
{
	const char *event;

	ASSERT_EQ(0, module_load(MODULE, ""));
	ASSERT_LE(0, file_read(TRACEFS "/trace", self->trace,
			       sizeof(self->trace)));

	event = strstr(self->trace, "workqueue_queue_work: ");
	ASSERT_NE(NULL, event);
	EXPECT_NE(NULL, strstr(event, "function=work_handler "));
	EXPECT_NE(NULL, strstr(event, "workqueue=HELLOWORLD "));
	EXPECT_EQ(NULL, strstr(event + 1, "workqueue_queue_work: "));
}

TEST_HARNESS_MAIN
