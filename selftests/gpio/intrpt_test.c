// SPDX-License-Identifier: GPL-2.0
/*
 * Intrpt - buttons that are pressed, released, held, and that bounce
 */
#include <kselftest_harness.h>
#include <sched.h>
#include <unistd.h>

#include "button_tests.h"
#include "lib/gate.h"
#include "lib/lacking.h"
#include "lib/shared.h"
#include "lib/task.h"
#include "trace.h"

#define MODULE		"intrpt"
#define NR_EDGES	200
#define NR_LOADS	20

FIXTURE_VARIANT_ADD(buttons, intrpt) { MODULE };
FIXTURE_VARIANT_ADD(lines, intrpt) { MODULE };

/*
 * Pulls the line of a button up or down, and waits until the module has handled
 * the edge.
 */
static int pull_and_settle(int line, bool up, const struct buttons_irq *irq)
{
	int err = sim_pull(line, up);

	if (err)
		return err;
	return buttons_settle(irq) ? 0 : -ETIMEDOUT;
}

FIXTURE(press)
{
	struct kmsg log;
	struct buttons_irq on;
	struct buttons_irq off;
};

/* .is_down is true if the first button is pressed when the module is loaded. */
FIXTURE_VARIANT(press)
{
	const char *params;
	bool is_down;
};

FIXTURE_VARIANT_ADD(press, each_edge) { NO_BOUNCE, false };
FIXTURE_VARIANT_ADD(press, bounce) { ENDLESS_BOUNCE, false };
FIXTURE_VARIANT_ADD(press, held) { NO_BOUNCE, true };

FIXTURE_SETUP(press)
{
	SKIP_IF_LACKING(return, buttons_prepare());
	ASSERT_EQ(0, kmsg_open(&self->log));
	module_unload(MODULE);
	ASSERT_EQ(0, sim_pull(ON, variant->is_down));
	ASSERT_EQ(0, module_load(MODULE, variant->params));
	ASSERT_EQ(0, buttons_find_irq(ON_IRQ, &self->on));
	ASSERT_EQ(0, buttons_find_irq(OFF_IRQ, &self->off));
}

FIXTURE_TEARDOWN(press)
{
	module_unload(MODULE);
	kmsg_close(&self->log);
}

/*
 * INTRPT-6: if the module took a release for a press, the LED would be on
 * again.
 */
TEST_F(press, release_is_none)
{
	if (!variant->is_down)
		ASSERT_EQ(0, pull_and_settle(ON, true, &self->on));
	EXPECT_EQ(!variant->is_down, sim_value(LED));

	ASSERT_EQ(0, pull_and_settle(OFF, true, &self->off));
	EXPECT_EQ(0, sim_value(LED));
	ASSERT_EQ(0, pull_and_settle(ON, false, &self->on));
	EXPECT_EQ(0, sim_value(LED));
}

/*
 * With ENDLESS_BOUNCE, the module handles only the first press of each button.
 */
TEST_F(press, comes_again_when_the_bounce_is_over)
{
	const bool is_endless = !strcmp(variant->params, ENDLESS_BOUNCE);

	if (!variant->is_down)
		ASSERT_EQ(0, pull_and_settle(ON, true, &self->on));
	ASSERT_EQ(0, pull_and_settle(OFF, true, &self->off));
	ASSERT_EQ(0, pull_and_settle(ON, false, &self->on));
	ASSERT_EQ(0, pull_and_settle(ON, true, &self->on));
	EXPECT_EQ(!is_endless, sim_value(LED));

	ASSERT_EQ(0, pull_and_settle(OFF, false, &self->off));
	ASSERT_EQ(0, pull_and_settle(OFF, true, &self->off));
	EXPECT_EQ(0, sim_value(LED));
}

TEST_F(press, second_of_the_same_button_changes_nothing)
{
	ASSERT_EQ(0, pull_and_settle(ON, !variant->is_down, &self->on));
	ASSERT_EQ(0, pull_and_settle(ON, variant->is_down, &self->on));
	ASSERT_EQ(0, pull_and_settle(ON, !variant->is_down, &self->on));
	EXPECT_EQ(1, sim_value(LED));
}

TEST_F(press, is_not_logged)
{
	char value[32];

	snprintf(value, sizeof(value), "Current button1 value: %d",
		 variant->is_down);
	EXPECT_STREQ(value, kmsg_next(&self->log));
	kmsg_skip(&self->log);
	ASSERT_EQ(0, pull_and_settle(ON, !variant->is_down, &self->on));
	ASSERT_EQ(0, pull_and_settle(OFF, true, &self->off));
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_NO_LOG(&self->log);
}

/* A task that makes many edges, as fast as it can. */
struct storm {
	int line;
	int nr;
	bool *is_over;
};

static int storm(void *arg)
{
	const struct storm *storm = arg;
	int fd = sim_line_open(storm->line, "pull", O_WRONLY);
	int err = fd < 0 ? fd : 0;
	int i;

	for (i = 0; !err && (i < storm->nr ||
			     (storm->is_over &&
			      !__atomic_load_n(storm->is_over,
					       __ATOMIC_RELAXED))); i++)
		err = sim_pull_fd(fd, i % 2 == 0);
	if (!err)
		err = sim_pull_fd(fd, false);
	close(fd);
	return err;
}

FIXTURE(storms)
{
	bool *is_over;
	pid_t task;
	int file;
};

FIXTURE_SETUP(storms)
{
	SKIP_IF_LACKING(return, buttons_prepare());
	self->is_over = shared_alloc(sizeof(*self->is_over));
	ASSERT_NE(NULL, self->is_over);
	self->file = module_open(MODULE);
	ASSERT_LE(0, self->file);
	ASSERT_EQ(0, module_reload(MODULE, NO_BOUNCE));
}

FIXTURE_TEARDOWN(storms)
{
	*self->is_over = true;
	module_unload(MODULE);
	shared_free(self->is_over, sizeof(*self->is_over));
	close(self->file);
	trace_stop();
}

/* INTRPT-6 */
TEST_F(storms, leave_working_buttons)
{
	struct storm on = { .line = ON, .nr = NR_EDGES };
	struct storm off = { .line = OFF, .nr = NR_EDGES };
	struct buttons_irq irq;

	self->task = task_start(storm, &on);
	ASSERT_LT(0, self->task);
	EXPECT_EQ(0, storm(&off));
	EXPECT_EQ(0, task_wait(self->task));

	ASSERT_EQ(0, buttons_find_irq(ON_IRQ, &irq));
	ASSERT_TRUE(buttons_settle(&irq));
	ASSERT_EQ(0, buttons_find_irq(OFF_IRQ, &irq));
	ASSERT_TRUE(buttons_settle(&irq));
	EXPECT_EQ(0, sim_pull(OFF, true));
	EXPECT_LED_OFF();
	EXPECT_EQ(0, sim_pull(ON, true));
	EXPECT_LED_ON();
}

TEST_F(storms, do_no_harm_to_a_module_that_comes_and_goes)
{
	struct storm on = { .line = ON, .is_over = self->is_over };
	int i;

	self->task = task_start(storm, &on);
	ASSERT_LT(0, self->task);
	for (i = 0; i < NR_LOADS; i++) {
		ASSERT_EQ(0, module_unload(MODULE));
		ASSERT_EQ(0, module_insert(self->file, NO_BOUNCE));
	}
	__atomic_store_n(self->is_over, true, __ATOMIC_RELAXED);
	EXPECT_EQ(0, task_wait(self->task));
}

TEST_F(storms, led_is_low_before_it_goes)
{
	const char *lacking = trace_start();

	ASSERT_EQ(NULL, lacking);
	EXPECT_EQ(0, sim_pull(ON, true));
	EXPECT_LED_ON();
	EXPECT_EQ(1, trace_last_set());
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_EQ(0, trace_last_set());
	ASSERT_EQ(0, module_load(MODULE, ""));
	EXPECT_EQ(0, sim_value(LED));
}

/* INTRPT-4: the chip is missing, as on a stock kernel. */
TEST(load_without_a_chip_returns_enodev)
{
	EXPECT_EQ(-ENODEV, load_without_a_chip(MODULE));
	EXPECT_FALSE(module_is_loaded(MODULE));
}

TEST_HARNESS_MAIN
