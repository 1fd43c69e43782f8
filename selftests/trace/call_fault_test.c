// SPDX-License-Identifier: GPL-2.0
/*
 * Call fault - opens of a user who is spied on, with fault injection
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/kmsg.h"
#include "spy.h"
#include "suites/call_fault.h"
#include "suites/page_fault.h"

#define FILE_OF_THE_USER	"/run/call_fault"

static struct kmsg logged;

static int become_the_user(struct call_fault_file *file)
{
	int err = spy_become(0, 0);

	if (!err)
		err = call_fault_prepare_closed(file);
	if (!err && !logged.fd)
		err = kmsg_open(&logged);
	if (!err)
		err = kmsg_skip(&logged);
	return err ? err : spy_become(SPY_UID, 0);
}

/* An open that fails is logged if its name had been read: both are right. */
static const char *look_at_log(struct call_fault_file *file)
{
	static char seen[256];
	const char *line = kmsg_next(&logged);

	if (!*line && file->fd < 0)
		return "";
	if (strcmp(line, SPY_LOG FILE_OF_THE_USER))
		snprintf(seen, sizeof(seen), "logged first: \"%s\"", line);
	else
		snprintf(seen, sizeof(seen), "%s", kmsg_next(&logged));
	return seen;
}

static const struct call_fault_call spied_open_call = {
	.name = "open",
	.prepare = become_the_user,
	.make = call_fault_make_open,
	.look = look_at_log,
};

FIXTURE_VARIANT_ADD(call_fault, open_of_the_user)
{
	.file = {
		.module = SPY_MODULE,
		.params = SPY_LOAD,
		.path = FILE_OF_THE_USER,
		.flags = O_RDWR | O_CREAT,
	},
	.calls = { &spied_open_call },
};

FIXTURE_VARIANT_ADD(call_fault, uid)
{
	.file = {
		.module = SPY_MODULE,
		.path = SPY_PARAMETER,
		.flags = O_RDWR,
		.before = "-1",
		.text = "54321\n",
	},
	.calls = {
		&call_fault_open_call, &call_fault_read_call,
		&call_fault_write_call,
	},
};

TEST_HARNESS_MAIN
