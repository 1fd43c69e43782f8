// SPDX-License-Identifier: GPL-2.0
/*
 * Static key - /dev/key_state, which switches a branch and shows its state
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <string.h>
#include <unistd.h>

#include "device_tests.h"
#include "exclusive_tests.h"
#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "lib/usermem.h"
#include "suites/load_race.h"
#include "suites/module_ref.h"
#include "suites/readable_file.h"

#include "static_key_module.h"

#define KEY_STATE	"/dev/key_state"
#define ENABLED		"enabled\n"
#define DISABLED	"disabled\n"
#define NR_TASKS	4
#define NR_ROUNDS	30

FIXTURE_VARIANT_ADD(device, key_state)
{
	.module = "static_key",
	.name = "key_state",
	.len = 9,
};

FIXTURE_VARIANT_ADD(exclusive, key_state)
{
	.module = "static_key",
	.path = KEY_STATE,
};

FIXTURE_VARIANT_ADD(readable, key_state)
{
	.module = "static_key",
	.path = KEY_STATE,
	.write = "enable",
	.content = ENABLED,
};

/* Returns the state that is read from an open file, or an error message. */
static const char *state_of(int fd)
{
	static char text[16];
	long len = sysret(pread(fd, text, sizeof(text) - 1, 0));

	if (len < 0)
		return strerror(-len);
	text[len] = '\0';
	return text;
}

static long command(int fd, const char *text)
{
	return sysret(write(fd, text, strlen(text)));
}

static int open_device(void)
{
	return sysret(open(KEY_STATE, O_RDWR | O_CLOEXEC));
}

/*
 * Enables and disables the key many times, and checks that each read returns a
 * valid state.
 */
static int toggle_many_times(void *arg)
{
	int fd = *(int *)arg;
	const char *state;
	long ret = 0;
	int i;

	for (i = 0; ret >= 0 && i < NR_ROUNDS; i++) {
		ret = command(fd, i % 2 ? "enable" : "disable\n");
		state = state_of(fd);
		if (strcmp(state, ENABLED) && strcmp(state, DISABLED))
			ret = -EPROTO;
	}
	return ret < 0 ? ret : 0;
}

FIXTURE(static_key)
{
	struct kmsg log;
	int fd;
};

FIXTURE_SETUP(static_key)
{
	ASSERT_EQ(0, module_reload("static_key", ""));
	self->fd = open_device();
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(static_key)
{
	close(self->fd);
	kmsg_close(&self->log);
	EXPECT_EQ(0, module_unload("static_key"));
}

TEST_F(static_key, is_disabled_at_first)
{
	EXPECT_STREQ(DISABLED, state_of(self->fd));
}

TEST_F(static_key, is_disabled_again_after_the_next_load)
{
	EXPECT_EQ(6, command(self->fd, "enable"));
	close(self->fd);
	ASSERT_EQ(0, module_reload("static_key", ""));

	self->fd = open_device();
	EXPECT_STREQ(DISABLED, state_of(self->fd));
}

/* STATICKEY-4 */
TEST_F(static_key, state_is_that_of_the_moment)
{
	EXPECT_EQ(6, command(self->fd, "enable"));
	EXPECT_STREQ(ENABLED, state_of(self->fd));
	EXPECT_EQ(7, command(self->fd, "disable"));
	EXPECT_STREQ(DISABLED, state_of(self->fd));
}

TEST_F(static_key, state_outlives_the_open)
{
	char text[16];

	EXPECT_EQ(6, command(self->fd, "enable"));
	close(self->fd);

	EXPECT_EQ(8, file_read(KEY_STATE, text, sizeof(text)));
	EXPECT_STREQ(ENABLED, text);
	EXPECT_EQ(8, file_write(KEY_STATE, "disable\n"));
	EXPECT_EQ(9, file_read(KEY_STATE, text, sizeof(text)));
	EXPECT_STREQ(DISABLED, text);
}

TEST_F(static_key, command_may_be_given_twice)
{
	EXPECT_EQ(6, command(self->fd, "enable"));
	EXPECT_EQ(6, command(self->fd, "enable"));
	EXPECT_STREQ(ENABLED, state_of(self->fd));
	EXPECT_EQ(7, command(self->fd, "disable"));
	EXPECT_STREQ(DISABLED, state_of(self->fd));
}

TEST_F(static_key, command_does_not_move_the_offset)
{
	char text[16] = "";

	EXPECT_EQ(6, command(self->fd, "enable"));
	EXPECT_EQ(0, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_EQ(2, sysret(read(self->fd, text, 2)));
	EXPECT_EQ(6, command(self->fd, "enable"));
	EXPECT_EQ(2, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_EQ(6, sysret(read(self->fd, text, sizeof(text))));
	EXPECT_STREQ("abled\n", text);
}

TEST_F(static_key, command_may_be_at_any_offset)
{
	EXPECT_EQ(6, sysret(pwrite(self->fd, "enable", 6, 3)));
	EXPECT_STREQ(ENABLED, state_of(self->fd));
	EXPECT_EQ(7, sysret(pwrite(self->fd, "disable", 7, 1000)));
	EXPECT_STREQ(DISABLED, state_of(self->fd));
}

/*
 * A command switches the branch in the code, and not only the state that a read
 * returns.
 */
TEST_F(static_key, open_logs_the_way_it_takes)
{
	close(self->fd);
	EXPECT_EQ(6, file_write(KEY_STATE, "enable"));
	EXPECT_LOG(&self->log, "fastpath 1", "fastpath 2");

	EXPECT_EQ(7, file_write(KEY_STATE, "disable"));
	EXPECT_LOG(&self->log, "fastpath 1", "do unlikely thing", "fastpath 2");

	self->fd = open_device();
	EXPECT_LOG(&self->log, "fastpath 1", "fastpath 2");
}

TEST_F(static_key, nothing_else_is_logged)
{
	EXPECT_EQ(-EBUSY, open_device());
	EXPECT_EQ(6, command(self->fd, "enable"));
	EXPECT_STREQ(ENABLED, state_of(self->fd));
	close(self->fd);
	ASSERT_EQ(0, module_reload("static_key", ""));
	EXPECT_NO_LOG(&self->log);

	self->fd = open_device();
	EXPECT_LOG(&self->log, "fastpath 1", "fastpath 2");
}

/* STATICKEY-6: only a task that has the open file can switch the branch. */
TEST_F(static_key, is_switched_by_its_opener_only)
{
	EXPECT_EQ(-EBUSY, file_write(KEY_STATE, "enable"));
	EXPECT_STREQ(DISABLED, state_of(self->fd));

	EXPECT_EQ(0, task_run(toggle_many_times, &self->fd));
	EXPECT_STREQ(ENABLED, state_of(self->fd));
}

/* STATICKEY-5 */
TEST_F(static_key, command_from_a_bad_buffer_returns_efault)
{
	struct usermem mem;
	int kind;

	ASSERT_EQ(0, usermem_init(&mem));
	ASSERT_EQ(6, command(self->fd, "enable"));
	for (kind = 0; kind < NR_USERMEM_KINDS; kind++)
		EXPECT_EQ(-EFAULT, sysret(write(self->fd,
						usermem_addr(&mem, kind), 7)));
	EXPECT_STREQ(ENABLED, state_of(self->fd));
	usermem_destroy(&mem);
}

TEST_F(static_key, can_be_switched_by_many_at_once)
{
	pid_t tasks[NR_TASKS];
	int i;

	for (i = 0; i < NR_TASKS; i++) {
		tasks[i] = task_start(toggle_many_times, &self->fd);
		ASSERT_LT(0, tasks[i]);
	}
	for (i = 0; i < NR_TASKS; i++)
		EXPECT_EQ(0, task_wait(tasks[i]));

	EXPECT_EQ(7, command(self->fd, "disable"));
	EXPECT_STREQ(DISABLED, state_of(self->fd));
}

TEST_HARNESS_MAIN
