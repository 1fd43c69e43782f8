/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Chardev 2 - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_CHAR_CHARDEV2_MODULE_H
#define _SELFTESTS_CHAR_CHARDEV2_MODULE_H

#include <fcntl.h>
#include <sys/ioctl.h>

#include "chardev2.h"
#include "lib/description.h"
#include "lib/sysret.h"

static long chardev2_make_set_message(struct call_fault_file *file)
{
	return chardev2_set(file->fd, call_fault_memory(file, file->text));
}

static long chardev2_make_get_message(struct call_fault_file *file)
{
	return sysret(ioctl(file->fd, IOCTL_GET_MSG,
			    call_fault_memory(file, file->read)));
}

static const struct call_fault_call chardev2_set_message_call = {
	.name = "IOCTL_SET_MSG",
	.prepare = call_fault_prepare_open,
	.make = chardev2_make_set_message,
	.look = call_fault_look,
};

static const struct call_fault_call chardev2_get_message_call = {
	.name = "IOCTL_GET_MSG",
	.prepare = call_fault_prepare_open,
	.make = chardev2_make_get_message,
	.look = call_fault_look,
};

static const struct module_description chardev2_module = {
	.module = "chardev2",
	.device = "char_dev",
	.device_file.path = DEVICE_PATH,
	.files = (const struct described_file[]) {
		{
			.file.path = DEVICE_PATH,
			.file.flags = O_RDWR,
			.file.before = "before",
			.file.text = "a text",
			.calls = CALL_FAULT_MESSAGE_CALLS,
		},
		{
			.file.path = DEVICE_PATH,
			.file.flags = O_RDWR,
			.file.before = "before",
			.file.text = "a text",
			.calls = {
				&chardev2_set_message_call,
				&chardev2_get_message_call,
			},
		},
	},
	.soak.nodes = {
		{ DEVICE_PATH, { "a message\n", "hi" } },
	},
	.soak.ioctls = { IOCTL_SET_MSG, IOCTL_GET_MSG, IOCTL_GET_NTH_BYTE },
	.soak.is_held = true,
};

IN_LOAD_FAULT(chardev2);
IN_CALL_FAULT(chardev2, chardev2, 0);
IN_CALL_FAULT(chardev2, chardev2_ioctl, 1);
IN_MODULE_REF(chardev2, char_dev);
IN_LOAD_RACE(chardev2, char_dev);
IN_SOAK(chardev2);

#endif /* _SELFTESTS_CHAR_CHARDEV2_MODULE_H */
