/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Syscall steal - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_TRACE_SYSCALL_STEAL_MODULE_H
#define _SELFTESTS_TRACE_SYSCALL_STEAL_MODULE_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/description.h"
#include "lib/kmsg.h"
#include "spy.h"

#define SYSCALL_STEAL_FILE	"/run/call_fault"

static struct kmsg syscall_steal_logged;

static int syscall_steal_become_the_user(struct call_fault_file *file)
{
	int err = spy_become(0, 0);

	if (!err)
		err = call_fault_prepare_closed(file);
	if (!err && !syscall_steal_logged.fd)
		err = kmsg_open(&syscall_steal_logged);
	if (!err)
		err = kmsg_skip(&syscall_steal_logged);
	return err ? err : spy_become(SPY_UID, 0);
}

/*
 * Returns "" if the log is right.  If an open fails, the module may have logged
 * it, which it does if the name had been read by then, or not.
 */
static const char *syscall_steal_look_at_log(struct call_fault_file *file)
{
	static char seen[256];
	const char *line = kmsg_next(&syscall_steal_logged);

	if (!*line && file->fd < 0)
		return "";
	if (strcmp(line, SPY_LOG SYSCALL_STEAL_FILE))
		snprintf(seen, sizeof(seen), "logged first: \"%s\"", line);
	else
		snprintf(seen, sizeof(seen), "%s", kmsg_next(&syscall_steal_logged));
	return seen;
}

static const struct call_fault_call syscall_steal_spied_open_call = {
	.name = "open",
	.prepare = syscall_steal_become_the_user,
	.make = call_fault_make_open,
	.look = syscall_steal_look_at_log,
};

static const struct module_description syscall_steal_module = {
	.module = "syscall-steal",
	.files = (const struct described_file[]) {
		{
			.file.params = SPY_LOAD,
			.file.path = SYSCALL_STEAL_FILE,
			.file.flags = O_RDWR | O_CREAT,
			.calls = { &syscall_steal_spied_open_call },
		},
		{
			.file.path = SPY_PARAMETER,
			.file.flags = O_RDWR,
			.file.before = "-1",
			.file.text = "54321\n",
			.calls = CALL_FAULT_VALUE_CALLS,
		},
	},
	.soak.nodes = {
		{ SPY_PARAMETER, { "0", "-1" } },
	},
};

IN_LOAD_FAULT(syscall_steal);
IN_CALL_FAULT(syscall_steal, open_of_the_user, 0);
IN_CALL_FAULT(syscall_steal, uid, 1);
IN_SOAK(syscall_steal);

#endif /* _SELFTESTS_TRACE_SYSCALL_STEAL_MODULE_H */
