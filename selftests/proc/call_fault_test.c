// SPDX-License-Identifier: GPL-2.0
/*
 * Call fault - a call on a file of this area that fails half-way
 */
#include <fcntl.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>

#include "call_fault.h"
#include "file.h"
#include "full_ex.h"
#include "kmsg.h"

#define NR_VALUES	2

static const int values[NR_VALUES] = { 7, 8 };

static int prepare_values(struct call_fault_file *file)
{
	int err = call_fault_prepare_open(file);

	if (err)
		return err;
	if (full_ex_size(file->fd, FULL_EX_MAX_CAPACITY) != 1)
		return -EPROTO;
	return full_ex_push_all(file->fd, values, NR_VALUES);
}

static long make_size(struct call_fault_file *file)
{
	return full_ex_size(file->fd, NR_VALUES);
}

static long make_push(struct call_fault_file *file)
{
	return full_ex_push(file->fd, 10);
}

static long make_pop(struct call_fault_file *file)
{
	return sysret(read(file->fd, file->read, sizeof(int)));
}

/* Says whether it still has to be sized, and takes out all there is. */
static const char *look_at_values(struct call_fault_file *file)
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

static const struct call_fault_call open_call = {
	.name = "open",
	.prepare = call_fault_prepare_closed,
	.make = call_fault_make_open,
	.look = look_at_values,
};

static const struct call_fault_call size_call = {
	.name = "size",
	.prepare = call_fault_prepare_open,
	.make = make_size,
	.look = look_at_values,
};

static const struct call_fault_call push_call = {
	.name = "push",
	.prepare = prepare_values,
	.make = make_push,
	.look = look_at_values,
};

static const struct call_fault_call pop_call = {
	.name = "pop",
	.prepare = prepare_values,
	.make = make_pop,
	.look = look_at_values,
};

/* FULLEX-11 */
FIXTURE_VARIANT_ADD(call_fault, full_ex)
{
	.file = {
		.module = "full_ex",
		.path = FULL_EX,
		.flags = O_RDWR,
	},
	.calls = { &open_call, &size_call, &push_call, &pop_call },
};

FIXTURE_VARIANT_ADD(call_fault, procfs1)
{
	.file = {
		.module = "procfs1",
		.path = "/proc/helloworld",
	},
	.calls = { &call_fault_open_call, &call_fault_read_call },
};

FIXTURE_VARIANT_ADD(call_fault, procfs2)
{
	.file = {
		.module = "procfs2",
		.path = "/proc/buffer1k",
		.flags = O_RDWR,
		.before = "before",
		.text = "a text",
	},
	.calls = {
		&call_fault_open_call, &call_fault_read_call,
		&call_fault_write_call, &call_fault_append_call,
	},
};

FIXTURE_VARIANT_ADD(call_fault, procfs3)
{
	.file = {
		.module = "procfs3",
		.path = "/proc/buffer2k",
		.flags = O_RDWR,
		.before = "before",
		.text = "a text",
	},
	.calls = {
		&call_fault_open_call, &call_fault_read_call,
		&call_fault_write_call, &call_fault_append_call,
	},
};

/* No number is lost. */
FIXTURE_VARIANT_ADD(call_fault, procfs4)
{
	.file = {
		.module = "procfs4",
		.path = "/proc/iter",
		.renew = call_fault_reload,
	},
	.calls = { &call_fault_open_call, &call_fault_read_call },
};

static struct kmsg logged;

static int prepare_log(struct call_fault_file *file)
{
	int err = call_fault_prepare_open(file);

	if (!err && !logged.fd)
		err = kmsg_open(&logged);
	return err ? err : kmsg_skip(&logged);
}

static const char *look_at_log(struct call_fault_file *file)
{
	return kmsg_next(&logged);
}

static const struct call_fault_call log_call = {
	.name = "write",
	.prepare = prepare_log,
	.make = call_fault_make_write,
	.look = look_at_log,
};

FIXTURE_VARIANT_ADD(call_fault, minimal_proc_lkm)
{
	.file = {
		.module = "minimal_proc_lkm",
		.path = "/proc/minimal_proc_lkm",
		.flags = O_WRONLY,
		.text = "hi there",
	},
	.calls = { &call_fault_open_call, &log_call },
};

TEST_HARNESS_MAIN
