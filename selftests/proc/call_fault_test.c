// SPDX-License-Identifier: GPL-2.0
/*
 * Call fault - calls on the files of this area with an injected fault
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "full_ex.h"
#include "lib/file.h"
#include "lib/kmsg.h"
#include "suites/call_fault.h"
#include "suites/flood.h"
#include "suites/page_fault.h"

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
	const unsigned char capacity = NR_VALUES;

	return full_ex_write(file->fd, call_fault_memory(file, &capacity),
			     sizeof(capacity));
}

static long make_push(struct call_fault_file *file)
{
	const int value = 10;

	return full_ex_write(file->fd, call_fault_memory(file, &value),
			     sizeof(value));
}

static long make_pop(struct call_fault_file *file)
{
	return sysret(read(file->fd, call_fault_memory(file, file->read),
			   sizeof(int)));
}

/* Returns a text with what was read and the values left; pops these. */
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

/* The copy of a text is allocated if the text has more than 128 bytes. */
static const char long_text[256] = { [0 ... 254] = 'x' };

FIXTURE_VARIANT_ADD(call_fault, procfs2)
{
	.file = {
		.module = "procfs2",
		.path = "/proc/buffer1k",
		.flags = O_RDWR,
		.before = "before",
		.text = long_text,
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

/* A call that fails must not use up a number. */
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

static inline int write_to_buffer1k(void *arg)
{
	const char *text = arg;

	return file_write("/proc/buffer1k", text) == (long)strlen(text) ?
		       0 : -EPROTO;
}

/*
 * The reader has already got the start of the message, and gets the rest of the
 * same message, although another task has written a new one meanwhile.
 */
TEST_F(stuck, read_gets_one_message_whole)
{
	static const struct call_fault_file buffer1k = {
		.module = "procfs2",
		.path = "/proc/buffer1k",
		.before = "before",
		.flags = O_RDWR,
	};
	char *memory = self->page.border - 3;

	ASSERT_EQ(0, call_fault_load(&buffer1k));
	self->maker.file = buffer1k;
	self->maker.call = &call_fault_read_call;
	ASSERT_EQ(0, call_fault_prepare_open(&self->maker.file));
	EXPECT_STREQ("", stuck_begin(self, memory));
	EXPECT_EQ(0, await_task(task_start(write_to_buffer1k, "AFTER")));

	EXPECT_EQ(6, stuck_end(self));
	EXPECT_EQ(0, memcmp("before", memory, 6));
	call_fault_close(&self->maker.file);
	EXPECT_EQ(0, module_unload("procfs2"));
}

/* Uses pread(), since the kernel holds a lock of the open file in a read(). */
static long make_pop_with_offset(struct call_fault_file *file)
{
	return sysret(pread(file->fd, call_fault_memory(file, file->read),
			    sizeof(int), 0));
}

static const struct call_fault_call shared_pop_call = {
	.make = make_pop_with_offset,
};

/* Pops what was the next value, and pushes one that will be popped next. */
static inline int pop_and_push(void *arg)
{
	const int *fd = arg;
	int value = 0;

	if (pread(*fd, &value, sizeof(value), 0) != sizeof(value))
		return -EPROTO;
	if (value != values[0])
		return -EBADMSG;
	value = 9;
	return pwrite(*fd, &value, sizeof(value), 0) == sizeof(value) ?
		       0 : -EPROTO;
}

/*
 * FULLEX-10: no value is popped twice or lost, and a pop that waits for its
 * page has not taken a value in advance.
 */
TEST_F(stuck, pop_stops_no_task_that_has_the_same_open_file)
{
	static const struct call_fault_file full_ex = {
		.module = "full_ex",
		.path = FULL_EX,
		.flags = O_RDWR,
	};
	struct call_fault_file *file = &self->maker.file;

	ASSERT_EQ(0, call_fault_load(&full_ex));
	*file = full_ex;
	self->maker.call = &shared_pop_call;
	ASSERT_EQ(0, prepare_values(file));
	EXPECT_STREQ("", stuck_begin(self, self->page.border));
	EXPECT_EQ(0, await_task(task_start(pop_and_push, &file->fd)));

	EXPECT_EQ((long)sizeof(int), stuck_end(self));
	EXPECT_EQ(9, *(int *)self->page.border);
	EXPECT_EQ((long)sizeof(int), make_pop_with_offset(file));
	EXPECT_EQ(values[1], *(int *)file->read);
	call_fault_close(file);
	EXPECT_EQ(0, module_unload("full_ex"));
}

TEST_HARNESS_MAIN
