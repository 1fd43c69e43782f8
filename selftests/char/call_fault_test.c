// SPDX-License-Identifier: GPL-2.0
/*
 * Call fault - system calls on these devices with fault injection
 */
#include <fcntl.h>
#include <kselftest_harness.h>

#include "chardev2.h"
#include "suites/call_fault.h"
#include "suites/flood.h"
#include "suites/page_fault.h"

FIXTURE_VARIANT_ADD(call_fault, chardev)
{
	.file = {
		.module = "chardev",
		.path = "/dev/chardev",
		.renew = call_fault_reload,
	},
	.calls = { &call_fault_open_call, &call_fault_read_call },
};

FIXTURE_VARIANT_ADD(call_fault, chardev2)
{
	.file = {
		.module = "chardev2",
		.path = DEVICE_PATH,
		.flags = O_RDWR,
		.before = "before",
		.text = "a text",
	},
	.calls = {
		&call_fault_open_call, &call_fault_read_call,
		&call_fault_write_call, &call_fault_append_call,
	},
};

FIXTURE_VARIANT_ADD(call_fault, static_key)
{
	.file = {
		.module = "static_key",
		.path = "/dev/key_state",
		.flags = O_RDWR,
		.before = "disable",
		.text = "enable",
	},
	.calls = {
		&call_fault_open_call, &call_fault_read_call,
		&call_fault_write_call,
	},
};

TEST_HARNESS_MAIN
