/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Static key - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_CHAR_STATIC_KEY_MODULE_H
#define _SELFTESTS_CHAR_STATIC_KEY_MODULE_H

#include <errno.h>
#include <fcntl.h>

#include "lib/description.h"

static const struct module_description static_key_module = {
	.module = "static_key",
	.device = "key_state",
	.device_file = { .path = "/dev/key_state", .second = -EBUSY },
	.files = (const struct described_file[]) {
		{
			.file.path = "/dev/key_state",
			.file.flags = O_RDWR,
			.file.before = "disable",
			.file.text = "enable",
			.calls = CALL_FAULT_VALUE_CALLS,
		},
	},
	.soak.nodes = {
		{ "/dev/key_state", { "enable\n", "disable\n" } },
	},
	.soak.is_held = true,
};

IN_LOAD_FAULT(static_key);
IN_CALL_FAULT(static_key, static_key, 0);
IN_MODULE_REF(static_key, key_state);
IN_LOAD_RACE(static_key, key_state);
IN_SOAK(static_key);

#endif /* _SELFTESTS_CHAR_STATIC_KEY_MODULE_H */
