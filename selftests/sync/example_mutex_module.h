/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Example mutex - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_SYNC_EXAMPLE_MUTEX_MODULE_H
#define _SELFTESTS_SYNC_EXAMPLE_MUTEX_MODULE_H

#include "lib/description.h"

static const struct module_description example_mutex_module = {
	.module = "example_mutex",
};

IN_LOAD_FAULT(example_mutex);
IN_SOAK(example_mutex);

#endif /* _SELFTESTS_SYNC_EXAMPLE_MUTEX_MODULE_H */
