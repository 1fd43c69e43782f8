// SPDX-License-Identifier: GPL-2.0
/*
 * Bottom half - presses of a button, with a tasklet and a work item
 */
#include <kselftest_harness.h>

#include "bottomhalf_tests.h"
#include "button_tests.h"
#include "lib/lacking.h"

#define MODULE		"bottomhalf"
#define STARTS		"Bottom half tasklet starts"
#define ENDS		"Bottom half tasklet ends"
#define NR_PRESSES	10

FIXTURE_VARIANT_ADD(buttons, bottomhalf) { MODULE };
FIXTURE_VARIANT_ADD(lines, bottomhalf) { MODULE };
FIXTURE_VARIANT_ADD(half, bottomhalf) { MODULE, STARTS, ENDS };

FIXTURE(presses)
{
	struct kmsg log;
	struct buttons_irq on;
	struct buttons_irq off;
};

FIXTURE_SETUP(presses)
{
	SKIP_IF_LACKING(return, buttons_prepare());
	ASSERT_EQ(0, module_reload(MODULE, NO_BOUNCE));
	ASSERT_EQ(0, kmsg_open(&self->log));
	ASSERT_EQ(0, buttons_find_irq(ON_IRQ, &self->on));
	ASSERT_EQ(0, buttons_find_irq(OFF_IRQ, &self->off));
}

FIXTURE_TEARDOWN(presses)
{
	module_unload(MODULE);
	kmsg_close(&self->log);
}

/*
 * While the slow part for one press runs, at most one more is pending.  The LED
 * is set at once.
 */
TEST_F(presses, do_not_pile_up)
{
	int i;

	for (i = 0; i < NR_PRESSES; i++) {
		ASSERT_EQ(0, sim_pull(ON, i % 2 == 0));
		ASSERT_TRUE(buttons_settle(&self->on));
	}
	EXPECT_EQ(1, sim_value(LED));
	ASSERT_EQ(0, sim_pull(OFF, true));
	ASSERT_TRUE(buttons_settle(&self->off));
	EXPECT_EQ(0, sim_value(LED));

	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LOG(&self->log, STARTS, ENDS, STARTS, ENDS);
}

TEST(load_without_a_chip_returns_enodev)
{
	EXPECT_EQ(-ENODEV, load_without_a_chip(MODULE));
	EXPECT_FALSE(module_is_loaded(MODULE));
}

TEST_HARNESS_MAIN
