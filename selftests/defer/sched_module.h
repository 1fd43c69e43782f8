/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sched - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_DEFER_SCHED_MODULE_H
#define _SELFTESTS_DEFER_SCHED_MODULE_H

#include "lib/description.h"

static const struct module_description sched_module = {
	.module = "sched",
};

/* SCHED-2 */
IN_LOAD_FAULT(sched);
IN_SOAK(sched);

#endif /* _SELFTESTS_DEFER_SCHED_MODULE_H */
