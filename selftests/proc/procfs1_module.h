/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Procfs 1 - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_PROC_PROCFS1_MODULE_H
#define _SELFTESTS_PROC_PROCFS1_MODULE_H

#include "lib/description.h"

static const struct module_description procfs1_module = {
	.module = "procfs1",
	.path = "/proc/helloworld",
	.files = (const struct described_file[]) {
		{
			.file.path = "/proc/helloworld",
			.calls = {
				&call_fault_open_call, &call_fault_read_call,
			},
		},
	},
	.soak.nodes = {
		{ "/proc/helloworld", { "x" } },
	},
};

IN_LOAD_FAULT(procfs1);
IN_CALL_FAULT(procfs1, procfs1, 0);
IN_READ_ALL(procfs1);
IN_UNLOAD_OPEN(procfs1, helloworld);
IN_SOAK(procfs1);

#endif /* _SELFTESTS_PROC_PROCFS1_MODULE_H */
