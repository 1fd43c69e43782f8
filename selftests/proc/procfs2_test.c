// SPDX-License-Identifier: GPL-2.0
/*
 * Procfs 2 - /proc/buffer1k, which is written and read back
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
#include "lib/unprivileged.h"
#include "lib/usermem.h"
#include "log_bytes.h"
#include "suites/message_file.h"
#include "suites/message_file_share.h"
#include "suites/readable_file.h"
#include "suites/unload_open.h"

#include "procfs2_module.h"

#define BUFFER	"/proc/buffer1k"
#define FIRST	"HelloWorld!\n"

FIXTURE_VARIANT_ADD(readable, buffer1k_first)
{
	.module = "procfs2",
	.path = BUFFER,
	.content = FIRST,
};

FIXTURE_VARIANT_ADD(readable, buffer1k_written)
{
	.module = "procfs2",
	.path = BUFFER,
	.write = "the quick brown fox\njumps over the lazy dog",
	.content = "the quick brown fox\njumps over the lazy dog",
};

FIXTURE_VARIANT_ADD(message, buffer1k)
{
	.module = "procfs2",
	.path = BUFFER,
	.first = FIRST,
	.capacity = 1024,
};

FIXTURE(procfs2)
{
	struct kmsg log;
};

FIXTURE_SETUP(procfs2)
{
	ASSERT_EQ(0, module_reload("procfs2", ""));
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(procfs2)
{
	kmsg_close(&self->log);
	module_unload("procfs2");
}

TEST_F(procfs2, file_has_the_mode_of_the_listing)
{
	EXPECT_FILE_OF_ROOT(S_IFREG | 0644, BUFFER);
}

TEST_F(procfs2, nobody_can_read_but_not_write)
{
	EXPECT_EQ(-EACCES, unprivileged_reads_and_writes(BUFFER, FIRST));
}

TEST_F(procfs2, logs_its_coming_and_going)
{
	ASSERT_EQ(0, module_unload("procfs2"));
	EXPECT_LOG(&self->log, "/proc/buffer1k removed");

	ASSERT_EQ(0, module_load("procfs2", ""));
	EXPECT_LOG(&self->log, "/proc/buffer1k created");
}

TEST_F(procfs2, forgets_the_message_when_it_goes)
{
	char buf[64];

	ASSERT_EQ(3, file_write(BUFFER, "abc"));
	ASSERT_EQ(0, module_reload("procfs2", ""));
	EXPECT_EQ(12, file_read(BUFFER, buf, sizeof(buf)));
	EXPECT_STREQ(FIRST, buf);
}

TEST_F(procfs2, logs_no_read)
{
	char buf[64];

	EXPECT_EQ(12, file_read(BUFFER, buf, sizeof(buf)));
	EXPECT_NO_LOG(&self->log);
}

TEST_F(procfs2, logs_no_write_that_failed)
{
	struct usermem mem;
	int fd = open(BUFFER, O_WRONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, usermem_init(&mem));
	EXPECT_EQ(-EFAULT, sysret(write(fd, mem.border, 3)));
	EXPECT_EQ(-EINVAL, sysret(pwrite(fd, "abc", 3, 1000)));
	EXPECT_NO_LOG(&self->log);
	usermem_destroy(&mem);
	close(fd);
}

/* PROCFS2-10 */
TEST_F(procfs2, logs_each_part_that_is_written)
{
	int fd = open(BUFFER, O_WRONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(3, sysret(write(fd, "abc", 3)));
	EXPECT_EQ(4, sysret(write(fd, "def\n", 4)));
	EXPECT_EQ(2, sysret(pwrite(fd, "xy", 2, 0)));
	EXPECT_LOG(&self->log, "procfile write abc", "procfile write def",
		   "procfile write xy");
	close(fd);
}

TEST_F(procfs2, logs_every_byte_in_a_way_of_its_own)
{
	int fd = open(BUFFER, O_WRONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_STREQ("", log_bytes_wrong(&self->log, fd, "procfile write "));
	close(fd);
}

/*
 * PROCFS2-6: a record of the log has no room for the whole message.  The module
 * must still end the record with a newline, because without it a reader sees
 * the record only after the next one has been logged.
 */
TEST_F(procfs2, logs_a_full_message_at_once)
{
	static const char words[] = "procfile write ";
	char text[1025] = "";
	const char *line;
	size_t len;

	memset(text, 'A', sizeof(text) - 1);
	ASSERT_EQ(1024, file_write(BUFFER, text));

	line = kmsg_next(&self->log);
	ASSERT_LT(200, strlen(line)) TH_LOG("logged '%s'", line);
	EXPECT_EQ(0, strncmp(words, line, strlen(words)));
	len = strspn(line + strlen(words), "A");
	EXPECT_LT(200, len);
	EXPECT_STREQ("...", line + strlen(words) + len);
}

/* PROCFS2-10 */
TEST_F(procfs2, logs_a_full_message_that_does_not_print_at_once)
{
	static const char words[] = "procfile write \\x01\\x01";
	char text[1025] = "";
	const char *line;

	memset(text, 1, sizeof(text) - 1);
	ASSERT_EQ(1024, file_write(BUFFER, text));

	line = kmsg_next(&self->log);
	EXPECT_EQ(0, strncmp(words, line, strlen(words)))
		TH_LOG("logged '%s'", line);
}

/* Texts that are written, and the lines that the module logs for them. */
FIXTURE(procfs2_log)
{
	struct kmsg log;
};

FIXTURE_VARIANT(procfs2_log)
{
	const char *text;
	const char *line;
};

FIXTURE_VARIANT_ADD(procfs2_log, word) { "abc", "procfile write abc" };

FIXTURE_VARIANT_ADD(procfs2_log, line)
{
	"hi there\n", "procfile write hi there"
};

FIXTURE_VARIANT_ADD(procfs2_log, newline) { "\n", "procfile write " };

FIXTURE_VARIANT_ADD(procfs2_log, two_lines)
{
	"a\nb\n", "procfile write a\\x0ab"
};

FIXTURE_VARIANT_ADD(procfs2_log, format) { "%s%n%p", "procfile write %s%n%p" };

FIXTURE_VARIANT_ADD(procfs2_log, clear_the_screen)
{
	"\x1b[2J", "procfile write \\x1b[2J"
};

FIXTURE_VARIANT_ADD(procfs2_log, escape)
{
	"a\\x0ab", "procfile write a\\x5cx0ab"
};

/*
 * Single bytes and the first byte of a letter.  As a whole this is not UTF-8.
 */
FIXTURE_VARIANT_ADD(procfs2_log, not_ascii)
{
	"\xff\x80\x01\xa0\xc3", "procfile write \\xff\\x80\\x01\\xa0\\xc3"
};

FIXTURE_SETUP(procfs2_log)
{
	ASSERT_EQ(0, module_reload("procfs2", ""));
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(procfs2_log)
{
	kmsg_close(&self->log);
	module_unload("procfs2");
}

/* PROCFS2-10 */
TEST_F(procfs2_log, has_what_was_written_but_nothing_that_does_not_print)
{
	ASSERT_EQ((long)strlen(variant->text),
		  file_write(BUFFER, variant->text));

	EXPECT_LOG(&self->log, variant->line);
}

TEST_HARNESS_MAIN
