/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Virtual input - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_INPUT_VINPUT_MODULE_H
#define _SELFTESTS_INPUT_VINPUT_MODULE_H

#include "lib/description.h"
#include "vinput_device.h"

static const struct module_description vinput_module = {
	.module = "vinput",
	.class = "vinput",
	.soak.nodes = {
		{ VINPUT_EXPORT, { "vkbd", "none" } },
		{ VINPUT_UNEXPORT, { "0", "32" } },
	},
};

IN_LOAD_FAULT(vinput);
IN_SOAK(vinput);

#endif /* _SELFTESTS_INPUT_VINPUT_MODULE_H */
