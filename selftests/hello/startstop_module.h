/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Start - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_HELLO_STARTSTOP_MODULE_H
#define _SELFTESTS_HELLO_STARTSTOP_MODULE_H

#include "lib/description.h"

static const struct module_description startstop_module = {
	.module = "startstop",
};

IN_LOAD_FAULT(startstop);
IN_SOAK(startstop);

#endif /* _SELFTESTS_HELLO_STARTSTOP_MODULE_H */
