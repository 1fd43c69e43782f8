/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Completions - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_SYNC_COMPLETIONS_MODULE_H
#define _SELFTESTS_SYNC_COMPLETIONS_MODULE_H

#include "lib/description.h"

static const struct module_description completions_module = {
	.module = "completions",
};

IN_LOAD_FAULT(completions);
IN_SOAK(completions);

#endif /* _SELFTESTS_SYNC_COMPLETIONS_MODULE_H */
