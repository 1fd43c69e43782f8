/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hello 6 - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_HELLO_HELLO_6_MODULE_H
#define _SELFTESTS_HELLO_HELLO_6_MODULE_H

#include <fcntl.h>

#include "lib/description.h"

#define HELLO_6_WATCHED	"/sys/module/hello_6/parameters/watched"

static const struct module_description hello_6_module = {
	.module = "hello-6",
	.files = (const struct described_file[]) {
		{
			.file.path = HELLO_6_WATCHED,
			.file.flags = O_RDWR,
			.file.before = "7",
			.file.text = "32\n",
			.calls = CALL_FAULT_VALUE_CALLS,
		},
	},
	.soak.nodes = {
		{ HELLO_6_WATCHED, { "7", "-1" } },
	},
};

IN_LOAD_FAULT(hello_6);
IN_CALL_FAULT(hello_6, watched, 0);
IN_READ_ALL(hello_6);
IN_SOAK(hello_6);

#endif /* _SELFTESTS_HELLO_HELLO_6_MODULE_H */
