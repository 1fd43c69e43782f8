/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Print string - a terminal for the tasks that load and unload the module
 */
#ifndef _SELFTESTS_TTY_PRINT_STRING_H
#define _SELFTESTS_TTY_PRINT_STRING_H

#include <kselftest_harness.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/kmsg.h"
#include "lib/loader.h"
#include "lib/module.h"
#include "terminal.h"

#define MODULE		"print_string"
#define HELLO		"The module has been inserted.  Hello world!"
#define FAREWELL	"The module has been removed.  Farewell world!"
#define MAX_TEXT	32768

static inline int print_string_load(void *arg)
{
	return module_insert(*(int *)arg, "");
}

static inline int print_string_unload(void *arg)
{
	return module_unload(MODULE);
}

static inline int print_string_reload(void *arg)
{
	int err = print_string_load(arg);

	return err ? err : print_string_unload(arg);
}

FIXTURE(terminal)
{
	struct kmsg log;
	struct terminal tty;
	char *text;
	int file;
};

FIXTURE_SETUP(terminal)
{
	self->text = malloc(MAX_TEXT);
	ASSERT_NE(NULL, self->text);
	ASSERT_EQ(0, terminal_open(&self->tty));
	self->file = loader_open(MODULE, &self->log);
	ASSERT_LE(0, self->file);
}

FIXTURE_TEARDOWN(terminal)
{
	module_unload(MODULE);
	EXPECT_NO_LOG(&self->log);
	kmsg_close(&self->log);
	close(self->file);
	terminal_close(&self->tty);
	free(self->text);
}

/*
 * Returns what the terminal shows after the function of its user has returned.
 */
static inline const char *text_of(FIXTURE_DATA(terminal) * self)
{
	return terminal_read(&self->tty, self->text, MAX_TEXT);
}

#endif /* _SELFTESTS_TTY_PRINT_STRING_H */
