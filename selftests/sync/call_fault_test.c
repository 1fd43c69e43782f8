// SPDX-License-Identifier: GPL-2.0
/*
 * Call fault - calls on the files of this area with an injected fault
 */
#include <fcntl.h>
#include <kselftest_harness.h>

#include "suites/call_fault.h"
#include "suites/flood.h"
#include "suites/page_fault.h"

/* If a failed open did not release the file, the next open would fail, too. */
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
