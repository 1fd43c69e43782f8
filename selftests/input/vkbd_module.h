/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Virtual keyboard - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_INPUT_VKBD_MODULE_H
#define _SELFTESTS_INPUT_VKBD_MODULE_H

#include "lib/description.h"
#include "vinput_calls.h"
#include "vinput_device.h"

static int vkbd_export(void)
{
	return vinput_export("vkbd");
}

static const struct module_description vkbd_module = {
	.module = "vkbd",
	.unload_file = VINPUT_UNLOAD_FILE(vkbd_export, "+34\n"),
	.files = (const struct described_file[]) {
		VINPUT_FILE("+34\n", "-34\n+35\n"),
	},
	.soak.nodes = {
		{ VINPUT_EXPORT, { "vkbd" } },
		{ VINPUT_UNEXPORT, { "0", "1" } },
		{ VINPUT0, { "+34\n-34\n", "34" } },
		{ "/dev/vinput1", { "+34\n-34\n", "-34" } },
	},
	.soak.beside = "vinput",
	.soak.begin = vkbd_export,
};

IN_LOAD_FAULT(vkbd);
/* VINPUT-5, VINPUT-6, VINPUT-7 */
IN_CALL_FAULT(vkbd, vkbd, 0);
IN_UNLOAD_OPEN(vkbd, vkbd);
IN_SOAK(vkbd);

#endif /* _SELFTESTS_INPUT_VKBD_MODULE_H */
