/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hello 3 - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_HELLO_HELLO_3_MODULE_H
#define _SELFTESTS_HELLO_HELLO_3_MODULE_H

#include "lib/description.h"

static const struct module_description hello_3_module = {
	.module = "hello-3",
};

IN_LOAD_FAULT(hello_3);
IN_SOAK(hello_3);

#endif /* _SELFTESTS_HELLO_HELLO_3_MODULE_H */
