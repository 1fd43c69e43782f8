/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Chardev - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_CHAR_CHARDEV_MODULE_H
#define _SELFTESTS_CHAR_CHARDEV_MODULE_H

#include <errno.h>

#include "lib/description.h"

static const struct module_description chardev_module = {
	.module = "chardev",
	.device = "chardev",
	.device_file = { .path = "/dev/chardev", .second = -EBUSY },
	.files = (const struct described_file[]) {
		{
			.file.path = "/dev/chardev",
			.file.renew = call_fault_reload,
			.calls = {
				&call_fault_open_call, &call_fault_read_call,
			},
		},
	},
	.soak.nodes = {
		{ "/dev/chardev", { "x" } },
	},
	.soak.is_held = true,
};

IN_LOAD_FAULT(chardev);
IN_CALL_FAULT(chardev, chardev, 0);
IN_MODULE_REF(chardev, chardev);
IN_LOAD_RACE(chardev, chardev);
IN_SOAK(chardev);

#endif /* _SELFTESTS_CHAR_CHARDEV_MODULE_H */
