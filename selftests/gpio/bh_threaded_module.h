/* SPDX-License-Identifier: GPL-2.0 */
/*
 * BH threaded - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_GPIO_BH_THREADED_MODULE_H
#define _SELFTESTS_GPIO_BH_THREADED_MODULE_H

#include <errno.h>

#include "../model/platform.h"
#include "lib/description.h"
#include "sim.h"

static const struct module_description bh_threaded_module = {
	.module = "bh_threaded",
	.params = "bounce_ms=0",
	.prepare = sim_prepare,
	.path = "/sys/bus/platform/devices/bh_threaded",
	.needs = PLATFORM_DRIVERS "bh_threaded/bh_threaded",
	.load_errs = { -EINVAL, -ENXIO },
	.soak.nodes = {
		SIM_PULL("17"),
		SIM_PULL("18"),
		{ SIM_LINES "4/value", {} },
		PLATFORM_BIND("bh_threaded", "bh_threaded"),
		PLATFORM_UNBIND("bh_threaded", "bh_threaded"),
	},
};

IN_LOAD_FAULT(bh_threaded);
IN_SOAK(bh_threaded);

#endif /* _SELFTESTS_GPIO_BH_THREADED_MODULE_H */
