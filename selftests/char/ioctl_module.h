/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ioctl - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_CHAR_IOCTL_MODULE_H
#define _SELFTESTS_CHAR_IOCTL_MODULE_H

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "ioctl.h"
#include "lib/description.h"
#include "lib/file.h"
#include "lib/sysret.h"

#define IOCTL_TEST_VAL_BEFORE	0x12
#define IOCTL_TEST_VAL		0x34
#define IOCTL_TEST_NUM		56
/*
 * The length of a read: more bytes than the device copies at a time, and not a
 * multiple of that.
 */
#define IOCTL_TEST_NR_BYTES	600

static int ioctl_prepare_val(struct call_fault_file *file)
{
	int err = call_fault_prepare_open(file);

	if (!err)
		err = ioctl_set_val(file->fd, IOCTL_TEST_VAL_BEFORE);
	return err ? err : ioctl_set_num(file->fd, IOCTL_TEST_NUM);
}

/* Reads all bytes, and continues after a short read. */
static long ioctl_make_read_of_all(struct call_fault_file *file)
{
	return file_read_chunks(file->fd, call_fault_memory(file, file->read),
				IOCTL_TEST_NR_BYTES, IOCTL_TEST_NR_BYTES);
}

static long ioctl_make_set_val(struct call_fault_file *file)
{
	struct ioctl_arg arg = { .val = IOCTL_TEST_VAL };

	return sysret(ioctl(file->fd, IOCTL_VALSET,
			    call_fault_memory(file, &arg)));
}

static long ioctl_make_get_val(struct call_fault_file *file)
{
	return sysret(ioctl(file->fd, IOCTL_VALGET,
			    call_fault_memory(file, file->read)));
}

/* Returns a text with the value, the number and the bytes that were read. */
static const char *ioctl_look_at_val(struct call_fault_file *file)
{
	static char seen[3 * IOCTL_TEST_NR_BYTES];
	struct ioctl_arg arg = {};
	size_t len = 0;
	size_t i;
	int num = 0;

	if (file->fd < 0 && call_fault_open(file))
		return strerror(-file->fd);
	ioctl(file->fd, IOCTL_VALGET, &arg);
	ioctl(file->fd, IOCTL_VALGET_NUM, &num);
	len += snprintf(seen, sizeof(seen), "val %x, num %d, read:", arg.val,
			num);
	for (i = 0; i < file_unpoisoned(file->read, sizeof(file->read)); i++)
		len += snprintf(seen + len, sizeof(seen) - len, "%x",
				file->read[i]);
	return seen;
}

static const struct call_fault_call ioctl_open_call = {
	.name = "open",
	.prepare = call_fault_prepare_closed,
	.make = call_fault_make_open,
	.look = ioctl_look_at_val,
};

static const struct call_fault_call ioctl_read_call = {
	.name = "read",
	.prepare = ioctl_prepare_val,
	.make = ioctl_make_read_of_all,
	.look = ioctl_look_at_val,
};

static const struct call_fault_call ioctl_set_val_call = {
	.name = "IOCTL_VALSET",
	.prepare = ioctl_prepare_val,
	.make = ioctl_make_set_val,
	.look = ioctl_look_at_val,
};

static const struct call_fault_call ioctl_get_val_call = {
	.name = "IOCTL_VALGET",
	.prepare = ioctl_prepare_val,
	.make = ioctl_make_get_val,
	.look = ioctl_look_at_val,
};

static const struct module_description ioctl_module = {
	.module = "ioctl",
	.device = "ioctltest",
	.device_file.path = IOCTLTEST,
	.files = (const struct described_file[]) {
		{
			.file.path = IOCTLTEST,
			.file.flags = O_RDWR,
			.calls = {
				&ioctl_open_call, &ioctl_read_call,
				&ioctl_set_val_call, &ioctl_get_val_call,
			},
		},
	},
	.soak.nodes = {
		{ IOCTLTEST, {} },
	},
	.soak.ioctls = {
		IOCTL_VALSET, IOCTL_VALGET, IOCTL_VALGET_NUM, IOCTL_VALSET_NUM,
		IOCTL_VALSET_NUM_IO,
	},
	.soak.is_held = true,
};

IN_LOAD_FAULT(ioctl);
IN_CALL_FAULT(ioctl, ioctl, 0);
IN_MODULE_REF(ioctl, ioctltest);
IN_LOAD_RACE(ioctl, ioctltest);
IN_SOAK(ioctl);

#endif /* _SELFTESTS_CHAR_IOCTL_MODULE_H */
