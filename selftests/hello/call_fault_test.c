// SPDX-License-Identifier: GPL-2.0
/*
 * Call fault - system calls on a module parameter with fault injection
 */
#include <fcntl.h>
#include <kselftest_harness.h>

#include "suites/call_fault.h"
#include "suites/flood.h"
#include "suites/page_fault.h"

FIXTURE_VARIANT_ADD(call_fault, watched)
{
	.file = {
		.module = "hello-6",
		.path = "/sys/module/hello_6/parameters/watched",
		.flags = O_RDWR,
		.before = "7",
		.text = "32\n",
	},
	.calls = {
		&call_fault_open_call, &call_fault_read_call,
		&call_fault_write_call,
	},
};

TEST_HARNESS_MAIN
