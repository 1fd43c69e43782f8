/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hello debugfs file - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_SYSFS_HELLO_DEBUGFS_FILE_MODULE_H
#define _SELFTESTS_SYSFS_HELLO_DEBUGFS_FILE_MODULE_H

#include <fcntl.h>

#include "lib/description.h"

#define HELLO_DEBUGFS_FILE	"/sys/kernel/debug/lkmpg_debugfs_file/"

static const struct module_description hello_debugfs_file_module = {
	.module = "hello-debugfs-file",
	/*
	 * A load succeeds even if a file cannot be created, so .needs is not
	 * set.
	 */
	.path = "/sys/kernel/debug/lkmpg_debugfs_file",
	.device_file.path = HELLO_DEBUGFS_FILE "message",
	.files = (const struct described_file[]) {
		{
			.file.path = HELLO_DEBUGFS_FILE "message",
			.file.flags = O_RDWR,
			.file.before = "before",
			.file.text = "a text",
			.calls = CALL_FAULT_MESSAGE_CALLS,
		},
		{
			.file.path = HELLO_DEBUGFS_FILE "blob",
			.calls = {
				&call_fault_open_call, &call_fault_read_call,
			},
		},
	},
	.soak.nodes = {
		{ HELLO_DEBUGFS_FILE "message", { "a message\n", "hi" } },
		{ HELLO_DEBUGFS_FILE "blob", {} },
	},
	.soak.is_held = true,
	/*
	 * The kernel may warn if a task opens a file of debugfs during an
	 * unload, see load_race.h.
	 */
	.soak.is_quiet = true,
};

IN_LOAD_FAULT(hello_debugfs_file);
IN_CALL_FAULT(hello_debugfs_file, message, 0);
IN_CALL_FAULT(hello_debugfs_file, blob, 1);
IN_READ_ALL(hello_debugfs_file);
IN_MODULE_REF(hello_debugfs_file, debugfs_message);
IN_SOAK(hello_debugfs_file);

#endif /* _SELFTESTS_SYSFS_HELLO_DEBUGFS_FILE_MODULE_H */
