/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DT overlay - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_GPIO_DTOVERLAY_MODULE_H
#define _SELFTESTS_GPIO_DTOVERLAY_MODULE_H

#include "../model/platform.h"
#include "lib/description.h"
#include "lib/module.h"
#include "overlay.h"

static const char *dtoverlay_load_driver(void)
{
	struct module_paths found;

	if (module_find("devicetree", &found))
		return "needs CONFIG_OF";
	if (module_find("dtoverlay", &found))
		return "needs CONFIG_OF_OVERLAY";
	return module_reload("devicetree", "") ? "the driver does not load" :
						 NULL;
}

static const struct module_description dtoverlay_module = {
	.module = "dtoverlay",
	.params = DTOVERLAY_PARAMS,
	/*
	 * A task that unbinds a device holds a reference to the device, and so
	 * to its OF node, during the call.  If there is such a reference when
	 * the kernel removes an overlay, the kernel leaks the nodes, and warns
	 * when it tries to print their names (6.12 to 7.3).
	 */
	.soak.is_quiet = true,
	.soak.prepare = dtoverlay_load_driver,
	.soak.beside = "devicetree",
	.soak.nodes = {
		{ "/sys/module/dtoverlay/parameters/file", {} },
		PLATFORM_BIND("lkmpg_devicetree", "40001000.lkmpg_device"),
		PLATFORM_UNBIND("lkmpg_devicetree", "40001000.lkmpg_device"),
	},
};

/*
 * The module is not in the suite load_fault.h.  If the kernel has no memory for
 * the directory of a node, it reports no error, and crashes later, when it adds
 * a child of the node or removes the node.
 */
IN_SOAK(dtoverlay);

#endif /* _SELFTESTS_GPIO_DTOVERLAY_MODULE_H */
