/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Example atomic - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_SYNC_EXAMPLE_ATOMIC_MODULE_H
#define _SELFTESTS_SYNC_EXAMPLE_ATOMIC_MODULE_H

#include "lib/description.h"

static const struct module_description example_atomic_module = {
	.module = "example_atomic",
};

IN_LOAD_FAULT(example_atomic);
IN_SOAK(example_atomic);

#endif /* _SELFTESTS_SYNC_EXAMPLE_ATOMIC_MODULE_H */
