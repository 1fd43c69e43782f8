/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Minimal proc module - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_PROC_MINIMAL_PROC_LKM_MODULE_H
#define _SELFTESTS_PROC_MINIMAL_PROC_LKM_MODULE_H

#include <fcntl.h>

#include "lib/description.h"
#include "lib/kmsg.h"

static struct kmsg minimal_proc_lkm_logged;

static int minimal_proc_lkm_prepare_log(struct call_fault_file *file)
{
	int err = call_fault_prepare_open(file);

	if (!err && !minimal_proc_lkm_logged.fd)
		err = kmsg_open(&minimal_proc_lkm_logged);
	return err ? err : kmsg_skip(&minimal_proc_lkm_logged);
}

static const char *minimal_proc_lkm_look_at_log(struct call_fault_file *file)
{
	return kmsg_next(&minimal_proc_lkm_logged);
}

static const struct call_fault_call minimal_proc_lkm_log_call = {
	.name = "write",
	.prepare = minimal_proc_lkm_prepare_log,
	.make = call_fault_make_write,
	.look = minimal_proc_lkm_look_at_log,
};

static const struct module_description minimal_proc_lkm_module = {
	.module = "minimal_proc_lkm",
	.path = "/proc/minimal_proc_lkm",
	.read_err = -EIO,
	.files = (const struct described_file[]) {
		{
			.file.path = "/proc/minimal_proc_lkm",
			.file.flags = O_WRONLY,
			.file.text = "hi there",
			.calls = {
				&call_fault_open_call,
				&minimal_proc_lkm_log_call,
			},
		},
	},
	.soak.nodes = {
		{ "/proc/minimal_proc_lkm", { "a message\n", "hi" } },
	},
};

IN_LOAD_FAULT(minimal_proc_lkm);
IN_CALL_FAULT(minimal_proc_lkm, minimal_proc_lkm, 0);
IN_READ_ALL(minimal_proc_lkm);
IN_UNLOAD_OPEN(minimal_proc_lkm, minimal_proc_lkm);
IN_SOAK(minimal_proc_lkm);

#endif /* _SELFTESTS_PROC_MINIMAL_PROC_LKM_MODULE_H */
