/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Virtual keyboard - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_INPUT_VKBD_MODULE_H
#define _SELFTESTS_INPUT_VKBD_MODULE_H

#include <errno.h>
#include <fcntl.h>

#include "lib/description.h"
#include "vinput_calls.h"
#include "vinput_device.h"

static int vkbd_export(void)
{
	return vinput_export("vkbd");
}

static const struct module_description vkbd_module = {
	.module = "vkbd",
	.unload_file = {
		.path = VINPUT0,
		.prepare = vkbd_export,
		.text = "+34\n",
		.dead = -ENODEV,
		.nr_loads = 20,
	},
	.files = (const struct described_file[]) {
		{
			.file.path = VINPUT0,
			.file.flags = O_RDWR,
			.file.before = "+34\n",
			.file.text = "-34\n+35\n",
			.file.renew = vinput_calls_export_if_need_be,
			.calls = {
				&vinput_export_call, &vinput_unexport_call,
				&call_fault_open_call, &call_fault_read_call,
				&call_fault_write_call,
			},
		},
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
