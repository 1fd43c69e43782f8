// SPDX-License-Identifier: GPL-2.0
/*
 * Call fault - bind and unbind of a device with fault injection
 */
#include <kselftest_harness.h>

#include "platform.h"
#include "suites/call_fault.h"

/* The device and its driver have the same name, which is in .path here. */
static bool is_bound(const struct call_fault_file *file)
{
	return platform_is_bound(file->path, file->path);
}

static int prepare_bound(struct call_fault_file *file)
{
	return is_bound(file) ? 0 : platform_bind(file->path, file->path);
}

static int prepare_unbound(struct call_fault_file *file)
{
	return is_bound(file) ? platform_unbind(file->path, file->path) : 0;
}

static long make_bind(struct call_fault_file *file)
{
	return platform_bind(file->path, file->path);
}

static long make_unbind(struct call_fault_file *file)
{
	return platform_unbind(file->path, file->path);
}

static const char *look_whether_bound(struct call_fault_file *file)
{
	return is_bound(file) ? "bound" : "unbound";
}

static const struct call_fault_call bind_call = {
	.name = "bind",
	.prepare = prepare_unbound,
	.make = make_bind,
	.look = look_whether_bound,
};

static const struct call_fault_call unbind_call = {
	.name = "unbind",
	.prepare = prepare_bound,
	.make = make_unbind,
	.look = look_whether_bound,
};

FIXTURE_VARIANT_ADD(call_fault, devicemodel)
{
	.file = {
		.module = "devicemodel",
		.path = "devicemodel_example",
	},
	.calls = { &bind_call, &unbind_call },
};

FIXTURE_VARIANT_ADD(call_fault, dma)
{
	.file = {
		.module = "dma",
		.path = "lkmpg_dma_demo",
	},
	.calls = { &bind_call, &unbind_call },
};

TEST_HARNESS_MAIN
