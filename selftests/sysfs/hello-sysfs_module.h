/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hello sysfs - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_SYSFS_HELLO_SYSFS_MODULE_H
#define _SELFTESTS_SYSFS_HELLO_SYSFS_MODULE_H

#include <errno.h>
#include <fcntl.h>

#include "lib/description.h"

static const struct module_description hello_sysfs_module = {
	.module = "hello-sysfs",
	.path = "/sys/kernel/mymodule",
	.unload_file = {
		.path = "/sys/kernel/mymodule/myvariable",
		.text = "5",
		.dead = -ENODEV,
	},
	.files = (const struct described_file[]) {
		{
			.file.path = "/sys/kernel/mymodule/myvariable",
			.file.flags = O_RDWR,
			.file.before = "7",
			.file.text = "32\n",
			.calls = CALL_FAULT_VALUE_CALLS,
		},
	},
	.soak.nodes = {
		{ "/sys/kernel/mymodule/myvariable", { "32", "-1\n" } },
	},
};

/* SYSFS-4 */
IN_LOAD_FAULT(hello_sysfs);
IN_CALL_FAULT(hello_sysfs, myvariable, 0);
IN_READ_ALL(hello_sysfs);
IN_UNLOAD_OPEN(hello_sysfs, myvariable);
IN_SOAK(hello_sysfs);

#endif /* _SELFTESTS_SYSFS_HELLO_SYSFS_MODULE_H */
