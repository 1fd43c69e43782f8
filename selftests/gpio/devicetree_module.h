/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Device tree - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_GPIO_DEVICETREE_MODULE_H
#define _SELFTESTS_GPIO_DEVICETREE_MODULE_H

#include <errno.h>

#include "../model/platform.h"
#include "lib/description.h"
#include "lib/module.h"
#include "overlay.h"

static const char *devicetree_find(void)
{
	struct module_paths found;

	return module_find("devicetree", &found) ? "needs CONFIG_OF" : NULL;
}

static const char *devicetree_load_overlay(void)
{
	struct module_paths found;

	if (module_find("dtoverlay", &found))
		return "needs CONFIG_OF_OVERLAY";
	return module_reload("dtoverlay", DTOVERLAY_PARAMS) ?
		       "the overlay does not load" : NULL;
}

static const struct module_description devicetree_module = {
	.module = "devicetree",
	.prepare = devicetree_find,
	.path = PLATFORM_DRIVERS "lkmpg_devicetree",
	.needs = PLATFORM_DRIVERS "lkmpg_devicetree",
	.load_errs = { -EINVAL },
	.soak.prepare = devicetree_load_overlay,
	.soak.beside = "dtoverlay",
	.soak.nodes = {
		PLATFORM_BIND("lkmpg_devicetree", "40000000.lkmpg_device"),
		PLATFORM_UNBIND("lkmpg_devicetree", "40000000.lkmpg_device"),
	},
};

IN_LOAD_FAULT(devicetree);
IN_SOAK(devicetree);

#endif /* _SELFTESTS_GPIO_DEVICETREE_MODULE_H */
