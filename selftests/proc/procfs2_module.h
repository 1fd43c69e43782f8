/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Procfs 2 - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_PROC_PROCFS2_MODULE_H
#define _SELFTESTS_PROC_PROCFS2_MODULE_H

#include <fcntl.h>

#include "lib/description.h"

/*
 * The module allocates memory for the copy of a text only if the text has more
 * than 128 bytes.
 */
static const char procfs2_text[256] = { [0 ... 254] = 'x' };

static const struct module_description procfs2_module = {
	.module = "procfs2",
	.path = "/proc/buffer1k",
	.files = (const struct described_file[]) {
		{
			.file.path = "/proc/buffer1k",
			.file.flags = O_RDWR,
			.file.before = "before",
			.file.text = procfs2_text,
			.calls = CALL_FAULT_MESSAGE_CALLS,
		},
	},
	.soak.nodes = {
		{ "/proc/buffer1k", { "a message\n", "hi" } },
	},
};

IN_LOAD_FAULT(procfs2);
IN_CALL_FAULT(procfs2, procfs2, 0);
IN_READ_ALL(procfs2);
IN_UNLOAD_OPEN(procfs2, buffer1k);
IN_SOAK(procfs2);

#endif /* _SELFTESTS_PROC_PROCFS2_MODULE_H */
