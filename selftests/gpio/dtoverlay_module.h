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
	 * A task that unbinds a device holds a reference to it for that moment,
	 * and so to its OF node.  The kernel expects no such reference when it
	 * removes an overlay; otherwise it leaks the nodes, and warns when it
	 * tries to print their names (6.12 to 7.3).
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
 * Not in the suite of load faults: if the kernel has no memory for a node's
 * directory, it reports no error, and crashes when a child of the node is added
 * or the node is removed.
 */
IN_SOAK(dtoverlay);

#endif /* _SELFTESTS_GPIO_DTOVERLAY_MODULE_H */
