/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Example spinlock - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_SYNC_EXAMPLE_SPINLOCK_MODULE_H
#define _SELFTESTS_SYNC_EXAMPLE_SPINLOCK_MODULE_H

#include "lib/description.h"

static const struct module_description example_spinlock_module = {
	.module = "example_spinlock",
};

IN_LOAD_FAULT(example_spinlock);
IN_SOAK(example_spinlock);

#endif /* _SELFTESTS_SYNC_EXAMPLE_SPINLOCK_MODULE_H */
