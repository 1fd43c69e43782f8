/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Platform calls - bind and unbind, as calls for call_fault.h
 */
#ifndef _SELFTESTS_MODEL_PLATFORM_CALLS_H
#define _SELFTESTS_MODEL_PLATFORM_CALLS_H

#include "lib/call_fault_file.h"
#include "platform.h"

/* The device and its driver have the same name.  .path contains this name. */
static bool platform_call_is_bound(const struct call_fault_file *file)
{
	return platform_is_bound(file->path, file->path);
}

static int platform_call_prepare_bound(struct call_fault_file *file)
{
	return platform_call_is_bound(file) ? 0 : platform_bind(file->path, file->path);
}

static int platform_call_prepare_unbound(struct call_fault_file *file)
{
	return platform_call_is_bound(file) ? platform_unbind(file->path, file->path) : 0;
}

static long platform_call_make_bind(struct call_fault_file *file)
{
	return platform_bind(file->path, file->path);
}

static long platform_call_make_unbind(struct call_fault_file *file)
{
	return platform_unbind(file->path, file->path);
}

static const char *platform_call_look_whether_bound(struct call_fault_file *file)
{
	return platform_call_is_bound(file) ? "bound" : "unbound";
}

static const struct call_fault_call platform_bind_call = {
	.name = "bind",
	.prepare = platform_call_prepare_unbound,
	.make = platform_call_make_bind,
	.look = platform_call_look_whether_bound,
};

static const struct call_fault_call platform_unbind_call = {
	.name = "unbind",
	.prepare = platform_call_prepare_bound,
	.make = platform_call_make_unbind,
	.look = platform_call_look_whether_bound,
};

#endif /* _SELFTESTS_MODEL_PLATFORM_CALLS_H */
