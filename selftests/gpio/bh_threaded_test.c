// SPDX-License-Identifier: GPL-2.0
/*
 * BH threaded - presses of a button, with a threaded interrupt handler
 */
#include <kselftest_harness.h>

#include "bottomhalf_tests.h"
#include "button_tests.h"
#include "lib/lacking.h"

#define MODULE		"bh_threaded"
#define STARTS		"Bottom half task starts"
#define ENDS		"Bottom half task ends"

FIXTURE_VARIANT_ADD(buttons, bh_threaded) { MODULE };
FIXTURE_VARIANT_ADD(lines, bh_threaded) { MODULE };
FIXTURE_VARIANT_ADD(half, bh_threaded) { MODULE, STARTS, ENDS };

FIXTURE(presses)
{
	struct kmsg log;
};

FIXTURE_SETUP(presses)
{
	SKIP_IF_LACKING(return, buttons_prepare());
	ASSERT_EQ(0, module_reload(MODULE, NO_BOUNCE));
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(presses)
{
	module_unload(MODULE);
	kmsg_close(&self->log);
}

/*
 * BHTHREAD-1: each button has a thread of its own, which does not wait for the
 * thread of the other button.
 */
TEST_F(presses, of_two_buttons_are_served_at_the_same_time)
{
	EXPECT_EQ(0, sim_pull(ON, true));
	EXPECT_STREQ(STARTS, kmsg_wait(&self->log));
	EXPECT_EQ(1, sim_value(LED));
	EXPECT_EQ(0, sim_pull(OFF, true));
	EXPECT_STREQ(STARTS, kmsg_wait(&self->log));
	EXPECT_EQ(0, sim_value(LED));
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LOG(&self->log, ENDS, ENDS);
}

TEST(load_without_a_chip_returns_enodev)
{
	EXPECT_EQ(-ENODEV, load_without_a_chip(MODULE));
	EXPECT_FALSE(module_is_loaded(MODULE));
}

TEST_HARNESS_MAIN
