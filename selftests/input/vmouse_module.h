/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Virtual mouse - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_INPUT_VMOUSE_MODULE_H
#define _SELFTESTS_INPUT_VMOUSE_MODULE_H

#include "lib/description.h"
#include "vinput_calls.h"
#include "vinput_device.h"

static int vmouse_export(void)
{
	return vinput_export("vmouse");
}

static const struct module_description vmouse_module = {
	.module = "vmouse",
	.unload_file = VINPUT_UNLOAD_FILE(vmouse_export, "1 2 0\n"),
	.files = (const struct described_file[]) {
		VINPUT_FILE("1 1 1\n", "2 2 2\n3 3 3\n"),
	},
	.soak.nodes = {
		{ VINPUT_EXPORT, { "vmouse" } },
		{ VINPUT_UNEXPORT, { "0", "1" } },
		{ VINPUT0, { "5 -3 1\n", "0 0 0" } },
		{ "/dev/vinput1", { "5 -3 1\n1 1 7\n", "-5 3 2" } },
	},
	.soak.beside = "vinput",
	.soak.begin = vmouse_export,
};

IN_LOAD_FAULT(vmouse);
/* VINPUT-5, VINPUT-6, VINPUT-7 */
IN_CALL_FAULT(vmouse, vmouse, 0);
IN_UNLOAD_OPEN(vmouse, vmouse);
IN_SOAK(vmouse);

#endif /* _SELFTESTS_INPUT_VMOUSE_MODULE_H */
