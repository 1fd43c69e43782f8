/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hello 1 - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_HELLO_HELLO_1_MODULE_H
#define _SELFTESTS_HELLO_HELLO_1_MODULE_H

#include "lib/description.h"

static const struct module_description hello_1_module = {
	.module = "hello-1",
};

IN_LOAD_FAULT(hello_1);
IN_SOAK(hello_1);

#endif /* _SELFTESTS_HELLO_HELLO_1_MODULE_H */
