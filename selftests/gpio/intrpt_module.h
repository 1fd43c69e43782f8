/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Intrpt - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_GPIO_INTRPT_MODULE_H
#define _SELFTESTS_GPIO_INTRPT_MODULE_H

#include <errno.h>

#include "../model/platform.h"
#include "lib/description.h"
#include "sim.h"

static const struct module_description intrpt_module = {
	.module = "intrpt",
	.params = "bounce_ms=0",
	.prepare = sim_prepare,
	.path = "/sys/bus/platform/devices/intrpt",
	.needs = PLATFORM_DRIVERS "intrpt/intrpt",
	.load_errs = { -EINVAL, -ENXIO },
	.soak.nodes = {
		SIM_PULL("17"),
		SIM_PULL("18"),
		{ SIM_LINES "4/value", {} },
		PLATFORM_BIND("intrpt", "intrpt"),
		PLATFORM_UNBIND("intrpt", "intrpt"),
	},
};

IN_LOAD_FAULT(intrpt);
IN_SOAK(intrpt);

#endif /* _SELFTESTS_GPIO_INTRPT_MODULE_H */
