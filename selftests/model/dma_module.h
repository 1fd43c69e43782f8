/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DMA - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_MODEL_DMA_MODULE_H
#define _SELFTESTS_MODEL_DMA_MODULE_H

#include <errno.h>

#include "lib/description.h"
#include "platform.h"
#include "platform_calls.h"

static const struct module_description dma_module = {
	.module = "dma",
	.path = PLATFORM_DRIVERS "lkmpg_dma_demo",
	.needs = PLATFORM_DRIVERS "lkmpg_dma_demo/lkmpg_dma_demo",
	.load_errs = { -EINVAL },
	/*
	 * .path has no path, but the name that both the device and its driver
	 * have.
	 */
	.files = (const struct described_file[]) {
		{
			.file.path = "lkmpg_dma_demo",
			.calls = { &platform_bind_call, &platform_unbind_call },
		},
	},
	.soak.nodes = {
		PLATFORM_BIND("lkmpg_dma_demo", "lkmpg_dma_demo"),
		PLATFORM_UNBIND("lkmpg_dma_demo", "lkmpg_dma_demo"),
	},
};

IN_LOAD_FAULT(dma);
IN_CALL_FAULT(dma, dma, 0);
IN_SOAK(dma);

#endif /* _SELFTESTS_MODEL_DMA_MODULE_H */
