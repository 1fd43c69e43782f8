/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Device model - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_MODEL_DEVICEMODEL_MODULE_H
#define _SELFTESTS_MODEL_DEVICEMODEL_MODULE_H

#include <errno.h>

#include "lib/description.h"
#include "platform.h"
#include "platform_calls.h"

static const struct module_description devicemodel_module = {
	.module = "devicemodel",
	.path = PLATFORM_DRIVERS "devicemodel_example",
	.needs = PLATFORM_DRIVERS "devicemodel_example/devicemodel_example",
	.load_errs = { -EINVAL },
	/*
	 * .path has no path, but the name that both the device and its driver
	 * have.
	 */
	.files = (const struct described_file[]) {
		{
			.file.path = "devicemodel_example",
			.calls = { &platform_bind_call, &platform_unbind_call },
		},
	},
	.soak.nodes = {
		PLATFORM_BIND("devicemodel_example", "devicemodel_example"),
		PLATFORM_UNBIND("devicemodel_example", "devicemodel_example"),
	},
};

IN_LOAD_FAULT(devicemodel);
IN_CALL_FAULT(devicemodel, devicemodel, 0);
IN_SOAK(devicemodel);

#endif /* _SELFTESTS_MODEL_DEVICEMODEL_MODULE_H */
