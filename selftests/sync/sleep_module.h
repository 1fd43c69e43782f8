/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sleep - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_SYNC_SLEEP_MODULE_H
#define _SELFTESTS_SYNC_SLEEP_MODULE_H

#include <fcntl.h>

#include "lib/description.h"

static const struct module_description sleep_module = {
	.module = "sleep",
	.path = "/proc/sleep",
	/* If a failed open did not release the file, the next open would fail, too. */
	.files = (const struct described_file[]) {
		{
			.file.path = "/proc/sleep",
			.file.flags = O_RDWR | O_NONBLOCK,
			.file.before = "before",
			.file.text = "a text",
			.calls = CALL_FAULT_MESSAGE_CALLS,
		},
	},
	.soak.nodes = {
		{ "/proc/sleep", { "a message\n", "hi" } },
	},
};

IN_LOAD_FAULT(sleep);
IN_CALL_FAULT(sleep, sleep, 0);
IN_READ_ALL(sleep);
IN_UNLOAD_OPEN(sleep, sleep);
IN_SOAK(sleep);

#endif /* _SELFTESTS_SYNC_SLEEP_MODULE_H */
