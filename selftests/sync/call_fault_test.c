// SPDX-License-Identifier: GPL-2.0
/*
 * Call fault - a call on a file of this area that fails half-way
 */
#include <fcntl.h>
#include <kselftest_harness.h>

#include "call_fault.h"
#include "flood.h"
#include "stuck.h"

/* An open that had not given the file back would be seen by the next. */
FIXTURE_VARIANT_ADD(call_fault, sleep)
{
	.file = {
		.module = "sleep",
		.path = "/proc/sleep",
		.flags = O_RDWR | O_NONBLOCK,
		.before = "before",
		.text = "a text",
	},
	.calls = {
		&call_fault_open_call, &call_fault_read_call,
		&call_fault_write_call, &call_fault_append_call,
	},
};

TEST_HARNESS_MAIN
