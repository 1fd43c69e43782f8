/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Example rwlock - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_SYNC_EXAMPLE_RWLOCK_MODULE_H
#define _SELFTESTS_SYNC_EXAMPLE_RWLOCK_MODULE_H

#include "lib/description.h"

static const struct module_description example_rwlock_module = {
	.module = "example_rwlock",
};

IN_LOAD_FAULT(example_rwlock);
IN_SOAK(example_rwlock);

#endif /* _SELFTESTS_SYNC_EXAMPLE_RWLOCK_MODULE_H */
