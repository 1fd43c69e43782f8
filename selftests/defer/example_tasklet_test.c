// SPDX-License-Identifier: GPL-2.0
/*
 * Example tasklet - the order of the lines that init and its tasklets log
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <sched.h>
#include <syslog.h>
#include <unistd.h>

#include "lib/await.h"
#include "lib/kmsg.h"
#include "lib/loader.h"
#include "lib/module.h"

#define MODULE		"example_tasklet"
#define NR_LOADS	20
#define LOAD_MS		1000
#define LOAD_LINES							\
	"tasklet example init", "Example tasklet starts",		\
	"Example tasklet init continues...", "Example tasklet ends"

FIXTURE(tasklet)
{
	struct kmsg log;
	int file;
};

FIXTURE_SETUP(tasklet)
{
	self->file = loader_open(MODULE, &self->log);
	ASSERT_LE(0, self->file);
}

FIXTURE_TEARDOWN(tasklet)
{
	loader_close(self->file, MODULE, &self->log);
}

/* TASKLET-1, TASKLET-2 */
TEST_F(tasklet, load_logs_all_lines_in_the_order_of_the_document)
{
	ASSERT_EQ(0, module_insert(self->file, ""));
	EXPECT_LOG(&self->log, LOAD_LINES);
}

/* TASKLET-1 */
TEST_F(tasklet, load_takes_less_than_a_second)
{
	long start = await_now_ms();

	ASSERT_EQ(0, module_insert(self->file, ""));
	EXPECT_GT(LOAD_MS, await_now_ms() - start);
}

TEST_F(tasklet, unload_logs_a_line)
{
	ASSERT_EQ(0, module_insert(self->file, ""));
	ASSERT_EQ(0, kmsg_skip(&self->log));

	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LOG(&self->log, "tasklet example exit");
}

TEST_F(tasklet, logs_at_the_level_of_information)
{
	ASSERT_EQ(0, module_insert(self->file, ""));
	ASSERT_EQ(0, module_unload(MODULE));
	while (*kmsg_next(&self->log))
		EXPECT_EQ(LOG_INFO, self->log.level);
}

/* TASKLET-1 */
TEST_F(tasklet, order_is_the_same_every_time)
{
	int i;

	for (i = 0; i < NR_LOADS; i++) {
		ASSERT_EQ(0, module_insert(self->file, ""));
		ASSERT_EQ(0, module_unload(MODULE));
		EXPECT_LOG(&self->log, LOAD_LINES, "tasklet example exit");
	}
}

TEST_F(tasklet, nobody_cannot_load)
{
	EXPECT_EQ(-EPERM, loader_loads_as_nobody(self->file));
	EXPECT_NO_LOG(&self->log);
}

/* A task that loads the module on the processor on which its tasklets run. */
FIXTURE(caller)
{
	struct kmsg log;
	int file;
};

FIXTURE_VARIANT(caller)
{
	int policy;
	int priority;
	int nice;
};

FIXTURE_VARIANT_ADD(caller, is_the_nicest) { SCHED_OTHER, 0, 19 };
FIXTURE_VARIANT_ADD(caller, is_idle) { SCHED_IDLE, 0, 0 };
FIXTURE_VARIANT_ADD(caller, comes_before_all_others) { SCHED_FIFO, 99, 0 };

FIXTURE_SETUP(caller)
{
	self->file = loader_open(MODULE, &self->log);
	ASSERT_LE(0, self->file);
}

FIXTURE_TEARDOWN(caller)
{
	loader_close(self->file, MODULE, &self->log);
}

/* TASKLET-1 */
TEST_F(caller, gets_the_same_order)
{
	struct sched_param param = { .sched_priority = variant->priority };
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	ASSERT_EQ(0, sched_setaffinity(0, sizeof(first), &first));
	ASSERT_EQ(variant->nice, nice(variant->nice));
	ASSERT_EQ(0, sched_setscheduler(0, variant->policy, &param));

	ASSERT_EQ(0, module_insert(self->file, ""));
	EXPECT_LOG(&self->log, LOAD_LINES);
}

TEST_HARNESS_MAIN
