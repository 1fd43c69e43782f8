// SPDX-License-Identifier: GPL-2.0
/*
 * Call fault - calls on the files of this area with an injected fault
 */
#include <fcntl.h>
#include <kselftest_harness.h>

#include "suites/call_fault.h"
#include "suites/flood.h"
#include "suites/page_fault.h"

#define DEBUGFS		"/sys/kernel/debug/lkmpg_debugfs/"
#define FLAG		"Y\n"
#define DEBUGFS_FILE	"/sys/kernel/debug/lkmpg_debugfs_file/"

FIXTURE_VARIANT_ADD(call_fault, myvariable)
{
	.file = {
		.module = "hello-sysfs",
		.path = "/sys/kernel/mymodule/myvariable",
		.flags = O_RDWR,
		.before = "7",
		.text = "32\n",
	},
	.calls = {
		&call_fault_open_call, &call_fault_read_call,
		&call_fault_write_call,
	},
};

FIXTURE_VARIANT_ADD(call_fault, debug_value)
{
	.file = {
		.module = "hello-debugfs",
		.path = DEBUGFS "debug_value",
		.flags = O_RDWR,
		.before = "7",
		.text = "32\n",
	},
	.calls = {
		&call_fault_open_call, &call_fault_read_call,
		&call_fault_write_call,
	},
};

/* If the copy from the user fails, a write still returns its length. */
static const struct call_fault_call flag_write_call = {
	.name = "write",
	.prepare = call_fault_prepare_open,
	.make = call_fault_make_write,
	.look = call_fault_look,
	.errs = { sizeof(FLAG) - 1 },
};

/*
 * debugfs_read_file_bool() copies after it has put the file, and
 * debugfs_write_file_bool() copies before it gets the file.
 */
FIXTURE_VARIANT_ADD(call_fault, debug_enabled)
{
	.file = {
		.module = "hello-debugfs",
		.path = DEBUGFS "debug_enabled",
		.flags = O_RDWR,
		.before = "N",
		.text = FLAG,
		.copies_last = true,
	},
	.calls = {
		&call_fault_open_call, &call_fault_read_call, &flag_write_call,
	},
};

FIXTURE_VARIANT_ADD(call_fault, message)
{
	.file = {
		.module = "hello-debugfs-file",
		.path = DEBUGFS_FILE "message",
		.flags = O_RDWR,
		.before = "before",
		.text = "a text",
	},
	.calls = {
		&call_fault_open_call, &call_fault_read_call,
		&call_fault_write_call, &call_fault_append_call,
	},
};

FIXTURE_VARIANT_ADD(call_fault, blob)
{
	.file = {
		.module = "hello-debugfs-file",
		.path = DEBUGFS_FILE "blob",
	},
	.calls = { &call_fault_open_call, &call_fault_read_call },
};

TEST_HARNESS_MAIN
