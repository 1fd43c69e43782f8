// SPDX-License-Identifier: GPL-2.0
/*
 * Ioctl fault - ioctls with fault injection, from 64-bit and 32-bit programs
 */
#include <fcntl.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "chardev2.h"
#include "ioctl.h"
#include "lib/file.h"
#include "lib/sysret.h"
#include "suites/call_fault.h"
#include "suites/flood.h"
#include "suites/page_fault.h"

#define VAL_BEFORE	0x12
#define VAL		0x34
#define NUM		56
/* More than the device copies at a time, and not a multiple of that. */
#define NR_BYTES	600

static long make_set_message(struct call_fault_file *file)
{
	return chardev2_set(file->fd, call_fault_memory(file, file->text));
}

static long make_get_message(struct call_fault_file *file)
{
	return sysret(ioctl(file->fd, IOCTL_GET_MSG,
			    call_fault_memory(file, file->read)));
}

static const struct call_fault_call set_message_call = {
	.name = "IOCTL_SET_MSG",
	.prepare = call_fault_prepare_open,
	.make = make_set_message,
	.look = call_fault_look,
};

static const struct call_fault_call get_message_call = {
	.name = "IOCTL_GET_MSG",
	.prepare = call_fault_prepare_open,
	.make = make_get_message,
	.look = call_fault_look,
};

FIXTURE_VARIANT_ADD(call_fault, chardev2)
{
	.file = {
		.module = "chardev2",
		.path = DEVICE_PATH,
		.flags = O_RDWR,
		.before = "before",
		.text = "a text",
	},
	.calls = { &set_message_call, &get_message_call },
};

static int prepare_val(struct call_fault_file *file)
{
	int err = call_fault_prepare_open(file);

	if (!err)
		err = ioctl_set_val(file->fd, VAL_BEFORE);
	return err ? err : ioctl_set_num(file->fd, NUM);
}

/* Continues after a short read. */
static long make_read_of_all(struct call_fault_file *file)
{
	return file_read_chunks(file->fd, call_fault_memory(file, file->read),
				NR_BYTES, NR_BYTES);
}

static long make_set_val(struct call_fault_file *file)
{
	struct ioctl_arg arg = { .val = VAL };

	return sysret(ioctl(file->fd, IOCTL_VALSET,
			    call_fault_memory(file, &arg)));
}

static long make_get_val(struct call_fault_file *file)
{
	return sysret(ioctl(file->fd, IOCTL_VALGET,
			    call_fault_memory(file, file->read)));
}

/* Describes the value, the number and what has been read. */
static const char *look_at_val(struct call_fault_file *file)
{
	static char seen[3 * NR_BYTES];
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

static const struct call_fault_call open_call = {
	.name = "open",
	.prepare = call_fault_prepare_closed,
	.make = call_fault_make_open,
	.look = look_at_val,
};

static const struct call_fault_call read_call = {
	.name = "read",
	.prepare = prepare_val,
	.make = make_read_of_all,
	.look = look_at_val,
};

static const struct call_fault_call set_val_call = {
	.name = "IOCTL_VALSET",
	.prepare = prepare_val,
	.make = make_set_val,
	.look = look_at_val,
};

static const struct call_fault_call get_val_call = {
	.name = "IOCTL_VALGET",
	.prepare = prepare_val,
	.make = make_get_val,
	.look = look_at_val,
};

FIXTURE_VARIANT_ADD(call_fault, ioctl)
{
	.file = {
		.module = "ioctl",
		.path = IOCTLTEST,
		.flags = O_RDWR,
	},
	.calls = { &open_call, &read_call, &set_val_call, &get_val_call },
};

TEST_HARNESS_MAIN
