/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hello 2 - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_HELLO_HELLO_2_MODULE_H
#define _SELFTESTS_HELLO_HELLO_2_MODULE_H

#include "lib/description.h"

static const struct module_description hello_2_module = {
	.module = "hello-2",
};

IN_LOAD_FAULT(hello_2);
IN_SOAK(hello_2);

#endif /* _SELFTESTS_HELLO_HELLO_2_MODULE_H */
