/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kmem cache - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_MM_KMEM_CACHE_MODULE_H
#define _SELFTESTS_MM_KMEM_CACHE_MODULE_H

#include "lib/description.h"

static const struct module_description kmem_cache_module = {
	.module = "kmem_cache",
	.path = "/sys/kernel/slab/my_custom_cache",
};

IN_LOAD_FAULT(kmem_cache);
IN_SOAK(kmem_cache);

#endif /* _SELFTESTS_MM_KMEM_CACHE_MODULE_H */
