// SPDX-License-Identifier: GPL-2.0
/*
 * Print string - terminals whose buffers are full, and tasks that wait for room
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "lib/await.h"
#include "lib/module.h"
#include "lib/task.h"
#include "print_string.h"
#include "terminal.h"

/* More bytes than the kernel buffers while no task reads the terminal. */
#define LONG_TEXT	20000

static bool waits_in(pid_t pid, long nr)
{
	return await_state(pid) == 'S' && await_syscall(pid) == nr;
}

static bool waits_in_load(pid_t pid)
{
	return waits_in(pid, SYS_finit_module);
}

static bool waits_in_unload(pid_t pid)
{
	return waits_in(pid, SYS_delete_module);
}

static bool waits_in_write(pid_t pid)
{
	return waits_in(pid, SYS_write);
}

/* Returns the text after the first @len characters, which must all be @c. */
static const char *behind(const char *text, char c, int len)
{
	while (len-- && *text++ == c)
		;
	return len < 0 ? text : "(cut)";
}

/* PRINTSTR-3 */
TEST_F(terminal, that_is_full_gets_all_when_somebody_reads)
{
	int len = terminal_fill(&self->tty);
	pid_t user;

	ASSERT_LT(0, len);
	user = terminal_start(&self->tty, print_string_load, &self->file);
	EXPECT_TRUE(await(waits_in_load, user));

	EXPECT_STREQ(HELLO "\r\n", behind(text_of(self), '.', len));
	EXPECT_EQ(0, terminal_end(&self->tty, user));
}

/* PRINTSTR-3 */
TEST_F(terminal, that_is_full_keeps_the_module_until_somebody_reads)
{
	int len = terminal_fill(&self->tty);
	pid_t user;

	ASSERT_LT(0, len);
	ASSERT_EQ(0, module_insert(self->file, ""));
	user = terminal_start(&self->tty, print_string_unload, NULL);
	EXPECT_TRUE(await(waits_in_unload, user));
	EXPECT_NE(-ENOENT, module_refcount(MODULE));

	EXPECT_STREQ(FAREWELL "\r\n", behind(text_of(self), '.', len));
	EXPECT_EQ(0, terminal_end(&self->tty, user));
	EXPECT_EQ(-ENOENT, module_refcount(MODULE));
}

/*
 * PRINTSTR-3: O_NONBLOCK applies only to the open file of the user, not to that
 * of the module.
 */
TEST_F(terminal, that_its_user_does_not_wait_for_gets_all_as_well)
{
	int len = terminal_fill(&self->tty);
	pid_t user;

	ASSERT_LT(0, len);
	ASSERT_EQ(0, fcntl(self->tty.far, F_SETFL, O_RDWR | O_NONBLOCK));
	user = terminal_start(&self->tty, print_string_load, &self->file);
	EXPECT_TRUE(await(waits_in_load, user));
	ASSERT_EQ(0, fcntl(self->tty.far, F_SETFL, O_RDWR));

	EXPECT_STREQ(HELLO "\r\n", behind(text_of(self), '.', len));
	EXPECT_EQ(0, terminal_end(&self->tty, user));
}

/* PRINTSTR-2 */
TEST_F(terminal, that_is_stopped_gets_all_when_it_goes_on)
{
	pid_t user;

	ASSERT_EQ(0, tcflow(self->tty.far, TCOOFF));
	user = terminal_start(&self->tty, print_string_load, &self->file);
	EXPECT_TRUE(await(waits_in_load, user));

	ASSERT_EQ(0, tcflow(self->tty.far, TCOON));
	EXPECT_STREQ(HELLO "\r\n", text_of(self));
	EXPECT_EQ(0, terminal_end(&self->tty, user));
}

/* PRINTSTR-2 */
TEST_F(terminal, that_hangs_up_while_it_is_full_ends_the_load)
{
	pid_t user;

	ASSERT_LT(0, terminal_fill(&self->tty));
	user = terminal_start(&self->tty, print_string_load, &self->file);
	EXPECT_TRUE(await(waits_in_load, user));

	terminal_hang_up(&self->tty);
	EXPECT_EQ(0, terminal_end(&self->tty, user));
	EXPECT_EQ(0, module_unload(MODULE));
}

/* PRINTSTR-2 */
TEST_F(terminal, that_hangs_up_while_it_is_full_ends_the_unload)
{
	pid_t user;

	ASSERT_LT(0, terminal_fill(&self->tty));
	ASSERT_EQ(0, module_insert(self->file, ""));
	user = terminal_start(&self->tty, print_string_unload, NULL);
	EXPECT_TRUE(await(waits_in_unload, user));

	terminal_hang_up(&self->tty);
	EXPECT_EQ(0, terminal_end(&self->tty, user));
	EXPECT_EQ(-ENOENT, module_refcount(MODULE));
}

TEST_F(terminal, that_is_full_does_not_keep_a_user_who_is_killed)
{
	pid_t user;

	ASSERT_LT(0, terminal_fill(&self->tty));
	user = terminal_start(&self->tty, print_string_load, &self->file);
	EXPECT_TRUE(await(waits_in_load, user));

	ASSERT_EQ(0, kill(user, SIGKILL));
	EXPECT_EQ(SIGKILL, await_task(user));
	EXPECT_EQ(0, module_unload(MODULE));
}

/* Runs in a second process, which has the terminal open, too. */
static int write_a_long_text(void *arg)
{
	FIXTURE_DATA(terminal) * self = arg;

	terminal_hang_up(&self->tty);
	memset(self->text, '-', LONG_TEXT);
	return write(self->tty.far, self->text, LONG_TEXT) == LONG_TEXT ? 0 :
	       -EIO;
}

/* PRINTSTR-2 */
TEST_F(terminal, has_no_line_within_what_another_writes)
{
	pid_t writer = task_start(write_a_long_text, self);
	pid_t user;

	EXPECT_TRUE(await(waits_in_write, writer));
	user = terminal_start(&self->tty, print_string_load, &self->file);
	EXPECT_TRUE(await(waits_in_load, user));

	EXPECT_STREQ(HELLO "\r\n", behind(text_of(self), '-', LONG_TEXT));
	EXPECT_EQ(0, await_task(writer));
	EXPECT_EQ(0, terminal_end(&self->tty, user));
}

TEST_HARNESS_MAIN
