/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Example tasklet - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_DEFER_EXAMPLE_TASKLET_MODULE_H
#define _SELFTESTS_DEFER_EXAMPLE_TASKLET_MODULE_H

#include "lib/description.h"

static const struct module_description example_tasklet_module = {
	.module = "example_tasklet",
};

IN_LOAD_FAULT(example_tasklet);
IN_SOAK(example_tasklet);

#endif /* _SELFTESTS_DEFER_EXAMPLE_TASKLET_MODULE_H */
