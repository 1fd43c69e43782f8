/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hello 4 - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_HELLO_HELLO_4_MODULE_H
#define _SELFTESTS_HELLO_HELLO_4_MODULE_H

#include "lib/description.h"

static const struct module_description hello_4_module = {
	.module = "hello-4",
};

IN_LOAD_FAULT(hello_4);
IN_SOAK(hello_4);

#endif /* _SELFTESTS_HELLO_HELLO_4_MODULE_H */
