/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Full example - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_PROC_FULL_EX_MODULE_H
#define _SELFTESTS_PROC_FULL_EX_MODULE_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "full_ex.h"
#include "lib/description.h"
#include "lib/file.h"

#define FULL_EX_NR_VALUES	2

static const int full_ex_values[FULL_EX_NR_VALUES] = { 7, 8 };

static int full_ex_prepare_values(struct call_fault_file *file)
{
	int err = call_fault_prepare_open(file);

	if (err)
		return err;
	if (full_ex_size(file->fd, FULL_EX_MAX_CAPACITY) != 1)
		return -EPROTO;
	return full_ex_push_all(file->fd, full_ex_values, FULL_EX_NR_VALUES);
}

static long full_ex_make_size(struct call_fault_file *file)
{
	const unsigned char capacity = FULL_EX_NR_VALUES;

	return full_ex_write(file->fd, call_fault_memory(file, &capacity),
			     sizeof(capacity));
}

static long full_ex_make_push(struct call_fault_file *file)
{
	const int value = 10;

	return full_ex_write(file->fd, call_fault_memory(file, &value),
			     sizeof(value));
}

static long full_ex_make_pop(struct call_fault_file *file)
{
	return sysret(read(file->fd, call_fault_memory(file, file->read),
			   sizeof(int)));
}

/*
 * Returns a text with the number of bytes that were read, the result of a write
 * of the capacity, and the values in the deque.  Pops all these values.
 */
static const char *full_ex_look_at_values(struct call_fault_file *file)
{
	static char seen[512];
	int value, len;

	if (file->fd < 0 && call_fault_open(file))
		return strerror(-file->fd);
	len = snprintf(seen, sizeof(seen), "read %zu bytes, size %ld",
		       file_unpoisoned(file->read, sizeof(file->read)),
		       full_ex_size(file->fd, 1));
	while (full_ex_pop(file->fd, &value) == sizeof(value))
		len += snprintf(seen + len, sizeof(seen) - len, ", %d", value);
	return seen;
}

static const struct call_fault_call full_ex_open_call = {
	.name = "open",
	.prepare = call_fault_prepare_closed,
	.make = call_fault_make_open,
	.look = full_ex_look_at_values,
};

static const struct call_fault_call full_ex_size_call = {
	.name = "size",
	.prepare = call_fault_prepare_open,
	.make = full_ex_make_size,
	.look = full_ex_look_at_values,
};

static const struct call_fault_call full_ex_push_call = {
	.name = "push",
	.prepare = full_ex_prepare_values,
	.make = full_ex_make_push,
	.look = full_ex_look_at_values,
};

static const struct call_fault_call full_ex_pop_call = {
	.name = "pop",
	.prepare = full_ex_prepare_values,
	.make = full_ex_make_pop,
	.look = full_ex_look_at_values,
	.has_no_fault = true,
};

static const struct module_description full_ex_module = {
	.module = "full_ex",
	.path = FULL_EX,
	.read_err = -EACCES,
	.files = (const struct described_file[]) {
		{
			.file.path = FULL_EX,
			.file.flags = O_RDWR,
			.calls = {
				&full_ex_open_call, &full_ex_size_call,
				&full_ex_push_call, &full_ex_pop_call,
			},
		},
	},
	.soak.nodes = {
		{ FULL_EX, { "\004", "\007\001\001\001" } },
	},
};

/* FULLEX-11, FULLEX-13 */
IN_LOAD_FAULT(full_ex);
IN_CALL_FAULT(full_ex, full_ex, 0);
IN_READ_ALL(full_ex);
IN_SOAK(full_ex);

#endif /* _SELFTESTS_PROC_FULL_EX_MODULE_H */
