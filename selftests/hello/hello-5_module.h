/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hello 5 - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_HELLO_HELLO_5_MODULE_H
#define _SELFTESTS_HELLO_HELLO_5_MODULE_H

#include "lib/description.h"

static const struct module_description hello_5_module = {
	.module = "hello-5",
	.soak.nodes = {
		{ "/sys/module/hello_5/parameters/myshort", { "7", "-1" } },
		{ "/sys/module/hello_5/parameters/myint", { "7", "-1" } },
		{ "/sys/module/hello_5/parameters/mylong", { "7", "-1" } },
	},
};

IN_LOAD_FAULT(hello_5);
IN_READ_ALL(hello_5);
IN_SOAK(hello_5);

#endif /* _SELFTESTS_HELLO_HELLO_5_MODULE_H */
