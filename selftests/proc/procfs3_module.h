/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Procfs 3 - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_PROC_PROCFS3_MODULE_H
#define _SELFTESTS_PROC_PROCFS3_MODULE_H

#include <fcntl.h>

#include "lib/description.h"

static const struct module_description procfs3_module = {
	.module = "procfs3",
	.path = "/proc/buffer2k",
	.files = (const struct described_file[]) {
		{
			.file.path = "/proc/buffer2k",
			.file.flags = O_RDWR,
			.file.before = "before",
			.file.text = "a text",
			.calls = CALL_FAULT_MESSAGE_CALLS,
		},
	},
	.soak.nodes = {
		{ "/proc/buffer2k", { "a message\n", "hi" } },
	},
};

IN_LOAD_FAULT(procfs3);
IN_CALL_FAULT(procfs3, procfs3, 0);
IN_READ_ALL(procfs3);
IN_UNLOAD_OPEN(procfs3, buffer2k);
IN_SOAK(procfs3);

#endif /* _SELFTESTS_PROC_PROCFS3_MODULE_H */
