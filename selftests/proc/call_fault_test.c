// SPDX-License-Identifier: GPL-2.0
/*
 * Call fault - calls on the files of this area with an injected fault
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <string.h>
#include <unistd.h>

#include "full_ex.h"
#include "lib/file.h"
#include "suites/call_fault.h"
#include "suites/flood.h"
#include "suites/page_fault.h"

#include "modules.h"

static inline int write_to_buffer1k(void *arg)
{
	const char *text = arg;

	return file_write("/proc/buffer1k", text) == (long)strlen(text) ?
		       0 : -EPROTO;
}

/*
 * A read has copied the start of the message and waits for its page, when
 * another task writes a longer message.  The read must return neither a part of
 * each nor a part of the new one: it starts again, and returns the new message.
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
	EXPECT_EQ(0, await_task(task_start(write_to_buffer1k, "AFTERWARDS")));

	EXPECT_EQ(10, stuck_end(self));
	EXPECT_EQ(0, memcmp("AFTERWARDS", memory, 10));
	call_fault_close(&self->maker.file);
	EXPECT_EQ(0, module_unload("procfs2"));
}

/*
 * Pops by pread(), because a read() would hold a lock of the open file, which
 * the other task needs.
 */
static long make_pop_with_offset(struct call_fault_file *file)
{
	return sysret(pread(file->fd, call_fault_memory(file, file->read),
			    sizeof(int), 0));
}

static const struct call_fault_call shared_pop_call = {
	.make = make_pop_with_offset,
};

/*
 * Pops a value, which must be the first of full_ex_values, and pushes 9.  This
 * is then the next value to be popped.
 */
static inline int pop_and_push(void *arg)
{
	const int *fd = arg;
	int value = 0;

	if (pread(*fd, &value, sizeof(value), 0) != sizeof(value))
		return -EPROTO;
	if (value != full_ex_values[0])
		return -EBADMSG;
	value = 9;
	return pwrite(*fd, &value, sizeof(value), 0) == sizeof(value) ?
		       0 : -EPROTO;
}

/*
 * FULLEX-10: no value is popped twice or lost.  While a pop waits for its page,
 * it has not removed a value yet.
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
	ASSERT_EQ(0, full_ex_prepare_values(file));
	EXPECT_STREQ("", stuck_begin(self, self->page.border));
	EXPECT_EQ(0, await_task(task_start(pop_and_push, &file->fd)));

	EXPECT_EQ((long)sizeof(int), stuck_end(self));
	EXPECT_EQ(9, *(int *)self->page.border);
	EXPECT_EQ((long)sizeof(int), make_pop_with_offset(file));
	EXPECT_EQ(full_ex_values[1], *(int *)file->read);
	call_fault_close(file);
	EXPECT_EQ(0, module_unload("full_ex"));
}

TEST_HARNESS_MAIN
