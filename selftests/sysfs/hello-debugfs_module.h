/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hello debugfs - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_SYSFS_HELLO_DEBUGFS_MODULE_H
#define _SELFTESTS_SYSFS_HELLO_DEBUGFS_MODULE_H

#include <fcntl.h>

#include "lib/description.h"

#define HELLO_DEBUGFS		"/sys/kernel/debug/lkmpg_debugfs/"
#define HELLO_DEBUGFS_FLAG	"Y\n"

/*
 * If the copy from user memory fails, debugfs still returns the length of the
 * write.
 */
static const struct call_fault_call hello_debugfs_flag_call = {
	.name = "write",
	.prepare = call_fault_prepare_open,
	.make = call_fault_make_write,
	.look = call_fault_look,
	.errs = { sizeof(HELLO_DEBUGFS_FLAG) - 1 },
};

static const struct module_description hello_debugfs_module = {
	.module = "hello-debugfs",
	/*
	 * A load succeeds even if a file cannot be created, so .needs is not
	 * set.
	 */
	.path = "/sys/kernel/debug/lkmpg_debugfs",
	.files = (const struct described_file[]) {
		{
			.file.path = HELLO_DEBUGFS "debug_value",
			.file.flags = O_RDWR,
			.file.before = "7",
			.file.text = "32\n",
			.calls = CALL_FAULT_VALUE_CALLS,
		},
		/*
		 * debugfs_read_file_bool() copies to user memory after
		 * debugfs_file_put(), and debugfs_write_file_bool() copies from
		 * user memory before debugfs_file_get().
		 */
		{
			.file.path = HELLO_DEBUGFS "debug_enabled",
			.file.flags = O_RDWR,
			.file.before = "N",
			.file.text = HELLO_DEBUGFS_FLAG,
			.file.copies_last = true,
			.calls = {
				&call_fault_open_call, &call_fault_read_call,
				&hello_debugfs_flag_call,
			},
		},
	},
	.soak.nodes = {
		{ HELLO_DEBUGFS "debug_value", { "7" } },
		{ HELLO_DEBUGFS "debug_enabled", { "Y" } },
		{ "/sys/module/hello_debugfs/parameters/debug_value", { "8" } },
		{ "/sys/module/hello_debugfs/parameters/debug_enabled", { "N" } },
	},
};

IN_LOAD_FAULT(hello_debugfs);
IN_CALL_FAULT(hello_debugfs, debug_value, 0);
IN_CALL_FAULT(hello_debugfs, debug_enabled, 1);
IN_READ_ALL(hello_debugfs);
IN_SOAK(hello_debugfs);

#endif /* _SELFTESTS_SYSFS_HELLO_DEBUGFS_MODULE_H */
