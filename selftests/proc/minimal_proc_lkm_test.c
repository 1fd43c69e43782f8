// SPDX-License-Identifier: GPL-2.0
/*
 * Minimal proc module - /proc/minimal_proc_lkm, which logs what is written
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "lib/usermem.h"
#include "log_bytes.h"
#include "suites/unload_open.h"

#include "minimal_proc_lkm_module.h"

#define MODULE		"minimal_proc_lkm"
#define MINIMAL		"/proc/minimal_proc_lkm"
#define MAX_LOG		256
#define NR_FLOOD	1000
#define NR_FLOOD_LOGS	50
#define GIB		(1024 * 1024 * 1024L)
/* The most that one system call writes: INT_MAX rounded down to a page. */
#define MAX_RW_COUNT	(2 * GIB - 4096)

/*
 * This is static, so that its address is low: even a buffer with a very large
 * count ends below the limit of user addresses.
 */
static char long_text[2 * MAX_LOG];

static int write_as_nobody(void *arg)
{
	int err = task_become_nobody();

	return err ? err : file_write(MINIMAL, "hi") == 2 ? 0 : -EPROTO;
}

FIXTURE(minimal_proc)
{
	struct kmsg log;
	int fd;
};

FIXTURE_SETUP(minimal_proc)
{
	ASSERT_EQ(0, module_reload(MODULE, ""));
	ASSERT_EQ(0, kmsg_open(&self->log));
	self->fd = open(MINIMAL, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(minimal_proc)
{
	close(self->fd);
	kmsg_close(&self->log);
	module_unload(MODULE);
}

/* MINPROC-2, MINPROC-5 */
TEST_F(minimal_proc, file_has_the_mode_of_the_listing)
{
	EXPECT_FILE_OF_ROOT(S_IFREG | 0666, MINIMAL);
}

/* MINPROC-2 */
TEST_F(minimal_proc, logs_its_coming_and_going)
{
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_LOG(&self->log, "minimal_proc_lkm: goodbye");

	ASSERT_EQ(0, module_load(MODULE, ""));
	EXPECT_LOG(&self->log,
		   "minimal_proc_lkm: Hello procfile is created");
}

/* MINPROC-3 */
TEST_F(minimal_proc, logs_what_is_written)
{
	EXPECT_EQ(2, sysret(write(self->fd, "hi", 2)));
	EXPECT_LOG(&self->log, "hi");
}

/* MINPROC-4 */
TEST_F(minimal_proc, logs_no_more_than_was_written)
{
	EXPECT_EQ(3, sysret(write(self->fd, "abcdefgh", 3)));
	EXPECT_LOG(&self->log, "abc");
}

/* MINPROC-5 */
TEST_F(minimal_proc, logs_at_a_level)
{
	EXPECT_EQ(2, sysret(write(self->fd, "hi", 2)));
	EXPECT_STREQ("hi", kmsg_next(&self->log));
	EXPECT_EQ(6, self->log.level);
}

TEST_F(minimal_proc, logs_at_any_offset)
{
	EXPECT_EQ(2, sysret(write(self->fd, "ab", 2)));
	EXPECT_EQ(2, sysret(write(self->fd, "cd", 2)));
	EXPECT_EQ(2, sysret(pwrite(self->fd, "ef", 2, 1000)));
	EXPECT_LOG(&self->log, "ab", "cd", "ef");
}

TEST_F(minimal_proc, cannot_be_read)
{
	char byte = 'x';

	EXPECT_EQ(-EIO, sysret(read(self->fd, &byte, 1)));
	EXPECT_EQ(-EIO, sysret(pread(self->fd, &byte, 1, 0)));
	EXPECT_EQ('x', byte);
	EXPECT_NO_LOG(&self->log);
}

/* MINPROC-5 */
TEST_F(minimal_proc, may_be_written_by_nobody)
{
	EXPECT_EQ(0, task_run(write_as_nobody, NULL));
	EXPECT_LOG(&self->log, "hi");
}

/* MINPROC-3 */
TEST_F(minimal_proc, logs_no_write_from_a_bad_buffer)
{
	struct usermem mem;
	int kind;

	ASSERT_EQ(0, usermem_init(&mem));
	for (kind = 0; kind < NR_USERMEM_KINDS; kind++)
		EXPECT_EQ(-EFAULT, sysret(write(self->fd,
						usermem_addr(&mem, kind), 4)));
	EXPECT_NO_LOG(&self->log);
	usermem_destroy(&mem);
}

/* MINPROC-4 */
TEST_F(minimal_proc, logs_a_text_that_ends_where_its_memory_does)
{
	struct usermem mem;

	ASSERT_EQ(0, usermem_init(&mem));
	memcpy(mem.border - 3, "abc", 3);
	EXPECT_EQ(3, sysret(write(self->fd, mem.border - 3, 3)));
	EXPECT_LOG(&self->log, "abc");
	usermem_destroy(&mem);
}

/* MINPROC-5 */
TEST_F(minimal_proc, logs_every_byte_in_a_way_of_its_own)
{
	EXPECT_STREQ("", log_bytes_wrong(&self->log, self->fd, ""));
}

/*
 * The module omits a newline from the log only at the end of the whole text,
 * not where it cuts a text that is too long.
 */
TEST_F(minimal_proc, says_so_if_a_text_that_is_cut_has_a_newline_there)
{
	int i;

	memset(long_text, 'x', sizeof(long_text));
	for (i = MAX_LOG - 2; i < MAX_LOG + 2; i++)
		long_text[i] = '\n';
	EXPECT_EQ((long)sizeof(long_text),
		  sysret(write(self->fd, long_text, sizeof(long_text))));
	kmsg_next(&self->log);
	EXPECT_STREQ("...", self->log.text + strspn(self->log.text, "x"));
	EXPECT_NO_LOG(&self->log);
}

/* MINPROC-5 */
TEST_F(minimal_proc, does_not_let_a_writer_flood_the_log)
{
	int nr;
	int i;

	for (i = 0; i < NR_FLOOD; i++)
		ASSERT_EQ(5, sysret(write(self->fd, "flood", 5)));

	nr = kmsg_count(&self->log, "flood");
	EXPECT_LT(0, nr);
	EXPECT_GE(NR_FLOOD_LOGS, nr);
}

/* Texts of different lengths.  The module logs only the first bytes of each. */
FIXTURE(minimal_proc_length)
{
	struct kmsg log;
	int fd;
};

FIXTURE_VARIANT(minimal_proc_length)
{
	long count;
	long ret;
};

FIXTURE_VARIANT_ADD(minimal_proc_length, 255) { MAX_LOG - 1, MAX_LOG - 1 };
FIXTURE_VARIANT_ADD(minimal_proc_length, 256) { MAX_LOG, MAX_LOG };
FIXTURE_VARIANT_ADD(minimal_proc_length, 257) { MAX_LOG + 1, MAX_LOG + 1 };
FIXTURE_VARIANT_ADD(minimal_proc_length, 2_gib) { 2 * GIB, MAX_RW_COUNT };

FIXTURE_SETUP(minimal_proc_length)
{
	ASSERT_EQ(0, module_reload(MODULE, ""));
	ASSERT_EQ(0, kmsg_open(&self->log));
	self->fd = open(MINIMAL, O_WRONLY | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	memset(long_text, 'x', sizeof(long_text));
}

FIXTURE_TEARDOWN(minimal_proc_length)
{
	close(self->fd);
	kmsg_close(&self->log);
	module_unload(MODULE);
}

TEST_F(minimal_proc_length, is_written_whole_and_logged_up_to_256)
{
	EXPECT_EQ(variant->ret,
		  sysret(write(self->fd, long_text, variant->count)));

	kmsg_next(&self->log);
	EXPECT_GE(MAX_LOG, strlen(self->log.text));
	EXPECT_LT(MAX_LOG - 50, strlen(self->log.text));
	EXPECT_STREQ(variant->count < MAX_LOG ? "" : "...",
		     self->log.text + strspn(self->log.text, "x"));
	EXPECT_NO_LOG(&self->log);
}

/*
 * The module must log no record that is too long for the log: a reader would
 * see such a record only after the next one has been logged.
 */
TEST_F(minimal_proc_length, is_logged_at_once_even_if_it_does_not_print)
{
	memset(long_text, 1, sizeof(long_text));
	EXPECT_EQ(variant->ret,
		  sysret(write(self->fd, long_text, variant->count)));

	kmsg_next(&self->log);
	EXPECT_EQ(0, strncmp("\\x01\\x01", self->log.text, 8));
	EXPECT_GE(MAX_LOG, strlen(self->log.text));
	EXPECT_STREQ("\\x01...", self->log.text + strlen(self->log.text) - 7);
	EXPECT_NO_LOG(&self->log);
}

/* Texts that are written, and the lines that the module logs for them. */
FIXTURE(minimal_proc_log)
{
	struct kmsg log;
};

FIXTURE_VARIANT(minimal_proc_log)
{
	const char *text;
	const char *line;
};

FIXTURE_VARIANT_ADD(minimal_proc_log, line) { "hi there\n", "hi there" };
FIXTURE_VARIANT_ADD(minimal_proc_log, two_lines) { "a\nb\n", "a\\x0ab" };
FIXTURE_VARIANT_ADD(minimal_proc_log, format) { "%s%n%p", "%s%n%p" };

FIXTURE_VARIANT_ADD(minimal_proc_log, clear_the_screen)
{
	"\x1b[2J", "\\x1b[2J"
};

FIXTURE_VARIANT_ADD(minimal_proc_log, escape) { "a\\x0ab", "a\\x5cx0ab" };

FIXTURE_VARIANT_ADD(minimal_proc_log, level)
{
	"\0010emergency", "\\x010emergency"
};

FIXTURE_SETUP(minimal_proc_log)
{
	ASSERT_EQ(0, module_reload(MODULE, ""));
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(minimal_proc_log)
{
	kmsg_close(&self->log);
	module_unload(MODULE);
}

/* MINPROC-5 */
TEST_F(minimal_proc_log, has_nothing_that_does_not_print)
{
	ASSERT_EQ((long)strlen(variant->text),
		  file_write(MINIMAL, variant->text));

	EXPECT_LOG(&self->log, variant->line);
	EXPECT_EQ(6, self->log.level);
}

TEST_HARNESS_MAIN
