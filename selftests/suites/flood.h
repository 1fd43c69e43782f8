/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Flood - calls as fast as they can be made, which must not flood the log
 *
 * The files are the variants of call_fault.h.  The test opens each file, makes
 * all its calls and closes it, FLOOD_ROUNDS times.  The kernel's rate limit
 * allows ten lines in five seconds.  A test program that has variants of
 * call_fault.h needs only to include this file.
 */
#ifndef _SELFTESTS_SUITES_FLOOD_H
#define _SELFTESTS_SUITES_FLOOD_H

#include <kselftest_harness.h>

#include "call_fault.h"
#include "lib/kmsg.h"
#include "lib/lacking.h"
#include "lib/module.h"

/* If each round logs a line, these are twice as many lines as are allowed. */
#define FLOOD_ROUNDS		100
/* Allows for five different messages, ten lines of each. */
#define FLOOD_MAX_RECORDS	50

FIXTURE(flood)
{
	struct kmsg log;
};

FIXTURE_SETUP(flood)
{
	SKIP_IF_LACKING(return, call_fault_lacking());
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(flood)
{
	kmsg_close(&self->log);
}

/* Opens the file and makes all its calls, whatever they return. */
static void flood_once(const FIXTURE_VARIANT(call_fault) * variant,
		       struct call_fault_file *file)
{
	const struct call_fault_call * const *call;

	call_fault_open(file);
	for (call = call_fault_calls(variant); *call; call++) {
		if ((*call)->make != call_fault_make_open)
			(*call)->make(file);
	}
	call_fault_close(file);
}

/* Makes the calls of all rounds; returns how many records they have logged. */
static int flood_records(FIXTURE_DATA(flood) * self,
			 const FIXTURE_VARIANT(call_fault) * variant)
{
	struct call_fault_file file = call_fault_file(variant);
	int nr = 0;
	int i;

	kmsg_skip(&self->log);
	for (i = 0; i < FLOOD_ROUNDS; i++)
		flood_once(variant, &file);

	while (*kmsg_next(&self->log))
		nr++;
	return nr;
}

TEST_F(flood, of_calls_is_none_of_the_log)
{
	const struct __fixture_variant_metadata *at;

	for (at = call_fault_files(); at; at = at->next) {
		const FIXTURE_VARIANT(call_fault) * variant = at->data;

		ASSERT_EQ(0, call_fault_load_file(variant));
		EXPECT_GE(FLOOD_MAX_RECORDS, flood_records(self, variant))
			TH_LOG("%s", at->name);
		EXPECT_EQ(0, module_unload(variant->of->module));
	}
}

#endif /* _SELFTESTS_SUITES_FLOOD_H */
