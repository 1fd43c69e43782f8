// SPDX-License-Identifier: GPL-2.0
/*
 * Call fault - export, unexport and use of a device with fault injection
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/sysret.h"
#include "suites/call_fault.h"
#include "suites/page_fault.h"
#include "vinput_device.h"

/* Opens the file export of the class, after all devices are removed. */
static int prepare_export(struct call_fault_file *file)
{
	call_fault_close(file);
	vinput_clear();
	file->fd = sysret(open(VINPUT_EXPORT, O_WRONLY | O_CLOEXEC));
	return file->fd < 0 ? file->fd : 0;
}

/* Opens the file unexport of the class, and exports one device. */
static int prepare_unexport(struct call_fault_file *file)
{
	call_fault_close(file);
	vinput_clear();
	file->fd = sysret(open(VINPUT_UNEXPORT, O_WRONLY | O_CLOEXEC));
	return file->fd < 0 ? file->fd : vinput_export(file->module);
}

static long make_export(struct call_fault_file *file)
{
	return sysret(write(file->fd, call_fault_memory(file, file->module),
			    strlen(file->module)));
}

static long make_unexport(struct call_fault_file *file)
{
	return sysret(write(file->fd, call_fault_memory(file, "0"), 1));
}

/* Plays events on the device, or describes what is left of it. */
static const char *look_at_device(struct call_fault_file *file)
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
static const struct call_fault_call export_call = {
	.name = "export",
	.prepare = prepare_export,
	.make = make_export,
	.look = look_at_device,
	.errs = { -EINVAL },
};

static const struct call_fault_call unexport_call = {
	.name = "unexport",
	.prepare = prepare_unexport,
	.make = make_unexport,
	.look = look_at_device,
};

/* The other calls need a device, so export one if it is missing. */
static int export_if_need_be(struct call_fault_file *file)
{
	return vinput_has(0) ? 0 : vinput_export(file->module);
}

/* VINPUT-5, VINPUT-6, VINPUT-7 */
FIXTURE_VARIANT_ADD(call_fault, vkbd)
{
	.file = {
		.module = "vkbd",
		.path = VINPUT0,
		.flags = O_RDWR,
		.before = "+34\n",
		.text = "-34\n+35\n",
		.renew = export_if_need_be,
	},
	.calls = {
		&export_call, &unexport_call, &call_fault_open_call,
		&call_fault_read_call, &call_fault_write_call,
	},
};

/* VINPUT-5, VINPUT-6, VINPUT-7 */
FIXTURE_VARIANT_ADD(call_fault, vmouse)
{
	.file = {
		.module = "vmouse",
		.path = VINPUT0,
		.flags = O_RDWR,
		.before = "1 1 1\n",
		.text = "2 2 2\n3 3 3\n",
		.renew = export_if_need_be,
	},
	.calls = {
		&export_call, &unexport_call, &call_fault_open_call,
		&call_fault_read_call, &call_fault_write_call,
	},
};

TEST_HARNESS_MAIN
