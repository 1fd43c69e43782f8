/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Virtual input calls - export and unexport, as calls for call_fault.h
 */
#ifndef _SELFTESTS_INPUT_VINPUT_CALLS_H
#define _SELFTESTS_INPUT_VINPUT_CALLS_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/call_fault_file.h"
#include "lib/sysret.h"
#include "vinput_device.h"

/* Removes all devices, and then opens the file "export" of the class. */
static int vinput_calls_prepare_export(struct call_fault_file *file)
{
	call_fault_close(file);
	vinput_clear();
	file->fd = sysret(open(VINPUT_EXPORT, O_WRONLY | O_CLOEXEC));
	return file->fd < 0 ? file->fd : 0;
}

/* Opens the file "unexport" of the class, and exports one device. */
static int vinput_calls_prepare_unexport(struct call_fault_file *file)
{
	call_fault_close(file);
	vinput_clear();
	file->fd = sysret(open(VINPUT_UNEXPORT, O_WRONLY | O_CLOEXEC));
	return file->fd < 0 ? file->fd : vinput_export(file->module);
}

static long vinput_calls_make_export(struct call_fault_file *file)
{
	return sysret(write(file->fd, call_fault_memory(file, file->module),
			    strlen(file->module)));
}

static long vinput_calls_make_unexport(struct call_fault_file *file)
{
	return sysret(write(file->fd, call_fault_memory(file, "0"), 1));
}

/*
 * Writes events to the device and describes the result.  If the device cannot
 * be opened, describes what remains of it.
 */
static const char *vinput_calls_look_at_device(struct call_fault_file *file)
{
	static char seen[2 * VINPUT_MAX_LEN];
	char path[VINPUT_MAX_PATH] = "nothing";
	int fd = vinput_open(0);
	long ret;

	if (fd < 0) {
		vinput_find(VINPUT_CLASS "/vinput*", path, sizeof(path));
		snprintf(seen, sizeof(seen), "open gave %d, there is %s", fd,
			 path);
		return seen;
	}
	ret = vinput_put(fd, file->text);
	snprintf(seen, sizeof(seen), "write gave %ld, it has %s", ret,
		 vinput_last(fd));
	close(fd);
	return seen;
}

/* If a device's name cannot be allocated, the driver core returns -EINVAL. */
static const struct call_fault_call vinput_export_call = {
	.name = "export",
	.prepare = vinput_calls_prepare_export,
	.make = vinput_calls_make_export,
	.look = vinput_calls_look_at_device,
	.errs = { -EINVAL },
};

static const struct call_fault_call vinput_unexport_call = {
	.name = "unexport",
	.prepare = vinput_calls_prepare_unexport,
	.make = vinput_calls_make_unexport,
	.look = vinput_calls_look_at_device,
};

/*
 * A .renew for the other calls, which need a device: exports one if there is
 * none.
 */
static int vinput_calls_export_if_need_be(struct call_fault_file *file)
{
	return vinput_has(0) ? 0 : vinput_export(file->module);
}

/*
 * What the descriptions of the types have in common: device 0 and the calls on it.
 * @line is a line that a device of the type takes; of the calls, @before is
 * written first, and @text by the call.
 */
#define VINPUT_UNLOAD_FILE(export, line) {				\
	.path = VINPUT0,						\
	.prepare = export,						\
	.text = line,							\
	.dead = -ENODEV,						\
	.nr_loads = 20,							\
}

#define VINPUT_FILE(before_, text_) {					\
	.file.path = VINPUT0,						\
	.file.flags = O_RDWR,						\
	.file.before = before_,						\
	.file.text = text_,						\
	.file.renew = vinput_calls_export_if_need_be,			\
	.calls = {							\
		&vinput_export_call, &vinput_unexport_call,		\
		&call_fault_open_call, &call_fault_read_call,		\
		&call_fault_write_call,					\
	},								\
}

#endif /* _SELFTESTS_INPUT_VINPUT_CALLS_H */
