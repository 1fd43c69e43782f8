/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hello world - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_HELLO_HELLOWORLD_MODULE_H
#define _SELFTESTS_HELLO_HELLOWORLD_MODULE_H

#include "lib/description.h"

static const struct module_description helloworld_module = {
	.module = "helloworld",
};

IN_LOAD_FAULT(helloworld);
IN_SOAK(helloworld);

#endif /* _SELFTESTS_HELLO_HELLOWORLD_MODULE_H */
