/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bottom half - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_GPIO_BOTTOMHALF_MODULE_H
#define _SELFTESTS_GPIO_BOTTOMHALF_MODULE_H

#include <errno.h>

#include "../model/platform.h"
#include "lib/description.h"
#include "sim.h"

static const struct module_description bottomhalf_module = {
	.module = "bottomhalf",
	.params = "bounce_ms=0",
	.prepare = sim_prepare,
	.path = "/sys/bus/platform/devices/bottomhalf",
	.needs = PLATFORM_DRIVERS "bottomhalf/bottomhalf",
	.load_errs = { -EINVAL, -ENXIO },
	.soak.nodes = {
		SIM_PULL("17"),
		SIM_PULL("18"),
		{ SIM_LINES "4/value", {} },
		PLATFORM_BIND("bottomhalf", "bottomhalf"),
		PLATFORM_UNBIND("bottomhalf", "bottomhalf"),
	},
};

IN_LOAD_FAULT(bottomhalf);
IN_SOAK(bottomhalf);

#endif /* _SELFTESTS_GPIO_BOTTOMHALF_MODULE_H */
