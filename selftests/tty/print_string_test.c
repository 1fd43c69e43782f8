// SPDX-License-Identifier: GPL-2.0
/*
 * Print string - what a load and an unload print on the caller's terminal
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <termios.h>
#include <unistd.h>

#include "lib/await.h"
#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/loader.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "print_string.h"
#include "terminal.h"

#define NR_LOADS	20

static int load_and_unload_again_and_again(void *arg)
{
	int err = 0;
	int i;

	for (i = 0; i < NR_LOADS && !err; i++)
		err = print_string_reload(arg);
	return err;
}

/* PRINTSTR-4 */
TEST_F(terminal, has_a_line_of_each_call)
{
	pid_t user = terminal_start(&self->tty, print_string_reload,
				    &self->file);

	EXPECT_STREQ(HELLO "\r\n" FAREWELL "\r\n", text_of(self));
	EXPECT_EQ(0, terminal_end(&self->tty, user));
}

TEST_F(terminal, of_the_one_who_unloads_has_the_farewell)
{
	struct terminal other;
	pid_t user[2];

	ASSERT_EQ(0, terminal_open(&other));
	user[0] = terminal_start(&self->tty, print_string_load, &self->file);
	EXPECT_STREQ(HELLO "\r\n", text_of(self));
	user[1] = terminal_start(&other, print_string_unload, NULL);
	EXPECT_STREQ(FAREWELL "\r\n", terminal_read(&other, self->text,
						    MAX_TEXT));

	EXPECT_EQ(0, terminal_end(&other, user[1]));
	EXPECT_EQ(0, terminal_end(&self->tty, user[0]));
	terminal_close(&other);
}

TEST_F(terminal, has_all_lines_of_many_calls)
{
	pid_t user = terminal_start(&self->tty, load_and_unload_again_and_again,
				    &self->file);
	const char *text = text_of(self);
	const char *pair = HELLO "\r\n" FAREWELL "\r\n";
	int i;

	for (i = 0; i < NR_LOADS; i++, text += strlen(pair))
		ASSERT_EQ(0, strncmp(text, pair, strlen(pair)));
	EXPECT_STREQ("", text);
	EXPECT_EQ(0, terminal_end(&self->tty, user));
}

/*
 * PRINTSTR-1: the number of a pseudo terminal is free again after both its
 * files have been closed.
 */
TEST_F(terminal, is_not_kept_open)
{
	const int nr = terminal_number(&self->tty);
	pid_t user;

	ASSERT_LE(0, nr);
	user = terminal_start(&self->tty, print_string_reload, &self->file);
	EXPECT_STREQ(HELLO "\r\n" FAREWELL "\r\n", text_of(self));
	EXPECT_EQ(0, terminal_end(&self->tty, user));

	terminal_close(&self->tty);
	ASSERT_EQ(0, terminal_open(&self->tty));
	EXPECT_EQ(nr, terminal_number(&self->tty));
}

static int hang_up_and_load(void *arg)
{
	FIXTURE_DATA(terminal) * self = arg;
	int tty;

	if (vhangup())
		return -errno;
	tty = sysret(open("/dev/tty", O_RDWR | O_CLOEXEC));
	return tty == -ENXIO ? print_string_load(&self->file) : -EEXIST;
}

/* PRINTSTR-2 */
TEST_F(terminal, that_has_been_hung_up_gets_nothing)
{
	pid_t user = terminal_start(&self->tty, hang_up_and_load, self);

	EXPECT_EQ(0, await_task(user));
	EXPECT_EQ(0, module_unload(MODULE));
}

/*
 * Mounts a regular file over /dev/tty, for this process only, and loads the
 * module.
 */
static int put_a_file_and_load(void *arg)
{
	FIXTURE_DATA(terminal) * self = arg;

	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("/run/no_tty", "/dev/tty", NULL, MS_BIND, NULL))
		return -errno;
	return print_string_load(&self->file);
}

TEST_F(terminal, is_not_a_file_in_its_place)
{
	int fd = open("/run/no_tty", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	pid_t user;

	ASSERT_LE(0, fd);
	user = terminal_start(&self->tty, put_a_file_and_load, self);
	EXPECT_STREQ("", text_of(self));
	EXPECT_EQ(0, terminal_end(&self->tty, user));

	EXPECT_EQ(0, lseek(fd, 0, SEEK_END));
	EXPECT_EQ(0, unlink("/run/no_tty"));
	close(fd);
}

/* A process without a terminal, such as a daemon. */
FIXTURE(daemon)
{
	struct kmsg log;
	int file;
};

FIXTURE_SETUP(daemon)
{
	self->file = loader_open(MODULE, &self->log);
	ASSERT_LE(0, self->file);
}

FIXTURE_TEARDOWN(daemon)
{
	kmsg_close(&self->log);
	close(self->file);
}

static int leave_and_load(void *arg)
{
	return setsid() < 0 ? -errno : print_string_reload(arg);
}

TEST_F(daemon, loads_and_unloads_in_silence)
{
	EXPECT_EQ(0, task_run(leave_and_load, &self->file));
	EXPECT_EQ(-ENOENT, module_refcount(MODULE));
	EXPECT_NO_LOG(&self->log);
}

static int load_as_nobody(void *arg)
{
	int err = task_become_nobody();

	return err ? err : print_string_load(arg);
}

TEST_F(daemon, without_privileges_cannot_load)
{
	EXPECT_EQ(-EPERM, task_run(load_as_nobody, &self->file));
	EXPECT_FALSE(module_is_loaded(MODULE));
}

/* The text, as the settings of the terminal change it. */
FIXTURE(settings)
{
	struct terminal tty;
	int file;
};

FIXTURE_VARIANT(settings)
{
	tcflag_t flags;
	const char *text;
};

FIXTURE_VARIANT_ADD(settings, raw) { 0, HELLO "\n" };
FIXTURE_VARIANT_ADD(settings, newline_alone) { OPOST, HELLO "\n" };
FIXTURE_VARIANT_ADD(settings, as_usual) { OPOST | ONLCR, HELLO "\r\n" };
FIXTURE_VARIANT_ADD(settings, upper_case) {
	OPOST | ONLCR | OLCUC,
	"THE MODULE HAS BEEN INSERTED.  HELLO WORLD!\r\n"
};

FIXTURE_SETUP(settings)
{
	ASSERT_EQ(0, terminal_open(&self->tty));
	module_unload(MODULE);
	self->file = module_open(MODULE);
	ASSERT_LE(0, self->file);
}

FIXTURE_TEARDOWN(settings)
{
	module_unload(MODULE);
	close(self->file);
	terminal_close(&self->tty);
}

/* PRINTSTR-2 */
TEST_F(settings, are_those_of_any_writer)
{
	struct termios termios;
	char text[256];
	pid_t user;

	ASSERT_EQ(0, tcgetattr(self->tty.far, &termios));
	termios.c_oflag = variant->flags;
	ASSERT_EQ(0, tcsetattr(self->tty.far, TCSANOW, &termios));

	user = terminal_start(&self->tty, print_string_load, &self->file);
	EXPECT_STREQ(variant->text, terminal_read(&self->tty, text,
						  sizeof(text)));
	EXPECT_EQ(0, terminal_end(&self->tty, user));
}

/*
 * A terminal whose driver can be unloaded after its last reference has been
 * dropped.
 */
FIXTURE(driver)
{
	struct kmsg log;
	struct gate leave;
	int file;
};

FIXTURE_SETUP(driver)
{
	if (access("/dev/ttyprintk", F_OK) && system("modprobe -q ttyprintk"))
		SKIP(return, "needs CONFIG_TTY_PRINTK");

	self->file = loader_open(MODULE, &self->log);
	ASSERT_LE(0, self->file);
}

FIXTURE_TEARDOWN(driver)
{
	module_unload(MODULE);
	module_unload("ttyprintk");
	kmsg_close(&self->log);
	close(self->file);
}

static int load_and_unload_there(void *arg)
{
	int tty;

	if (setsid() < 0)
		return -errno;
	tty = sysret(open("/dev/ttyprintk", O_RDWR | O_CLOEXEC));
	return tty < 0 ? tty : print_string_reload(arg);
}

static bool driver_is_free(pid_t unused)
{
	return module_refcount("ttyprintk") == 0;
}

/*
 * PRINTSTR-1: a reference to a terminal keeps the module of its driver loaded.
 * A test sees this only if that driver is a module.
 */
TEST_F(driver, is_free_when_its_user_has_gone)
{
	EXPECT_EQ(0, task_run(load_and_unload_there, &self->file));
	EXPECT_LOG(&self->log, "[U] " HELLO, "[U] " FAREWELL);
	if (module_is_loaded("ttyprintk")) {
		EXPECT_TRUE(await(driver_is_free, 0));
		EXPECT_EQ(0, module_unload("ttyprintk"));
	}
}

TEST_HARNESS_MAIN
