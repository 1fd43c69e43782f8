/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Procfs 4 - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_PROC_PROCFS4_MODULE_H
#define _SELFTESTS_PROC_PROCFS4_MODULE_H

#include "lib/description.h"

static const struct module_description procfs4_module = {
	.module = "procfs4",
	.params = "lines=300",
	.path = "/proc/iter",
	/*
	 * Each call starts after a reload, so that the file's number is 0.
	 * This shows if a call that failed has used up a number.
	 */
	.files = (const struct described_file[]) {
		{
			.file.path = "/proc/iter",
			.file.renew = call_fault_reload,
			.calls = {
				&call_fault_open_call, &call_fault_read_call,
			},
		},
	},
	.soak.nodes = {
		{ "/proc/iter", {} },
		{ "/sys/module/procfs4/parameters/lines", {} },
	},
};

IN_LOAD_FAULT(procfs4);
IN_CALL_FAULT(procfs4, procfs4, 0);
IN_READ_ALL(procfs4);
IN_UNLOAD_OPEN(procfs4, iter);
IN_SOAK(procfs4);

#endif /* _SELFTESTS_PROC_PROCFS4_MODULE_H */
