/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Call fault file - a module's file, and the calls of call_fault.h on it
 */
#ifndef _SELFTESTS_LIB_CALL_FAULT_FILE_H
#define _SELFTESTS_LIB_CALL_FAULT_FILE_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "module.h"
#include "sysret.h"

#define CALL_FAULT_MAX_READ	4096
#define CALL_FAULT_MAX_SEEN	(3 * CALL_FAULT_MAX_READ)
#define CALL_FAULT_MAX_CALLS	8

/*
 * A file of the module .module.  The suite loads the module with the parameters
 * .params and opens .path with .flags.  .fd is -1 while the file is closed.
 *
 * Before each call, the suite calls .renew if it is set; .renew restores what
 * an earlier call may have used up.  The suite then writes .before to the file
 * if that is set.
 *
 * A write passes .text to the module, and a read stores its bytes in .read.  If
 * .memory is set, it is the buffer of both instead.
 *
 * .copies_last is set if a call on the file does not use the module while it
 * copies from or to user memory, so that an unload need not wait for the call.
 */
struct call_fault_file {
	const char *module;
	const char *params;
	const char *path;
	int flags;
	const char *before;
	const char *text;
	int (*renew)(struct call_fault_file *file);
	bool copies_last;
	int fd;
	void *memory;
	char read[CALL_FAULT_MAX_READ];
};

/*
 * .prepare sets up the state before the call, .make makes the call, and .look
 * returns a text that describes the state after it.  Because of a fault, the
 * call may return -ENOMEM, -EFAULT or one of .errs.  If the call fails even
 * without a fault, .refusal is its error.  .has_no_fault is set if the kernel can
 * make nothing in the call fail: it has no fault injection in put_user().
 */
struct call_fault_call {
	const char *name;
	int (*prepare)(struct call_fault_file *file);
	long (*make)(struct call_fault_file *file);
	const char *(*look)(struct call_fault_file *file);
	int errs[2];
	int refusal;
	bool has_no_fault;
};

static inline void call_fault_close(struct call_fault_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

/*
 * Opens the file and stores the result in .fd.  Returns 0 or a negative errno.
 */
static inline int call_fault_open(struct call_fault_file *file)
{
	file->fd = sysret(open(file->path, file->flags | O_CLOEXEC));
	return file->fd < 0 ? file->fd : 0;
}

static inline int call_fault_load(const struct call_fault_file *file)
{
	return module_reload(file->module, file->params);
}

/* A .renew for a module that counts the uses of its file: resets the count. */
static inline int call_fault_reload(struct call_fault_file *file)
{
	return call_fault_load(file);
}

static inline int call_fault_write_before(struct call_fault_file *file)
{
	const long len = strlen(file->before);
	int err = call_fault_open(file);

	if (err)
		return err;
	if (sysret(write(file->fd, file->before, len)) != len)
		err = -EPROTO;
	call_fault_close(file);
	return err;
}

static inline int call_fault_prepare_closed(struct call_fault_file *file)
{
	int err = 0;

	call_fault_close(file);
	memset(file->read, FILE_POISON, sizeof(file->read));
	if (file->renew)
		err = file->renew(file);
	return err || !file->before ? err : call_fault_write_before(file);
}

static inline int call_fault_prepare_open(struct call_fault_file *file)
{
	int err = call_fault_prepare_closed(file);

	return err ? err : call_fault_open(file);
}

static inline int call_fault_prepare_end(struct call_fault_file *file)
{
	const long len = strlen(file->before);
	int err = call_fault_prepare_open(file);

	return err || lseek(file->fd, len, SEEK_SET) == len ? err : -EPROTO;
}

/* Returns the buffer of a call: .memory if that is set, otherwise @own. */
static inline void *call_fault_memory(const struct call_fault_file *file,
				      const void *own)
{
	return file->memory ? file->memory : (void *)own;
}

static inline long call_fault_make_open(struct call_fault_file *file)
{
	return call_fault_open(file);
}

static inline long call_fault_make_read(struct call_fault_file *file)
{
	return sysret(read(file->fd, call_fault_memory(file, file->read),
			   sizeof(file->read)));
}

static inline long call_fault_make_write(struct call_fault_file *file)
{
	return sysret(write(file->fd, call_fault_memory(file, file->text),
			    strlen(file->text)));
}

/*
 * Returns a text with the file's offset, its content and the bytes that a read
 * has stored.  Opens the file first if it is closed; if that fails, returns the
 * error's text.
 */
static inline const char *call_fault_look(struct call_fault_file *file)
{
	static char seen[CALL_FAULT_MAX_SEEN];
	char content[CALL_FAULT_MAX_READ];
	long at, len;

	if (file->fd < 0 && call_fault_open(file))
		return strerror(-file->fd);
	at = sysret(lseek(file->fd, 0, SEEK_CUR));
	len = sysret(pread(file->fd, content, sizeof(content), 0));
	snprintf(seen, sizeof(seen), "at %ld of %ld: \"%.*s\", read: \"%.*s\"",
		 at, len, len < 0 ? 0 : (int)len, content,
		 (int)file_unpoisoned(file->read, sizeof(file->read)),
		 file->read);
	return seen;
}

static const struct call_fault_call call_fault_open_call = {
	.name = "open",
	.prepare = call_fault_prepare_closed,
	.make = call_fault_make_open,
	.look = call_fault_look,
};

static const struct call_fault_call call_fault_read_call = {
	.name = "read",
	.prepare = call_fault_prepare_open,
	.make = call_fault_make_read,
	.look = call_fault_look,
};

static const struct call_fault_call call_fault_write_call = {
	.name = "write",
	.prepare = call_fault_prepare_open,
	.make = call_fault_make_write,
	.look = call_fault_look,
};

static const struct call_fault_call call_fault_append_call = {
	.name = "append",
	.prepare = call_fault_prepare_end,
	.make = call_fault_make_write,
	.look = call_fault_look,
};

/*
 * The calls on a file that keeps one value, and those on a file to which a
 * write at its end appends.
 */
#define CALL_FAULT_VALUE_CALLS {					\
	&call_fault_open_call, &call_fault_read_call,			\
	&call_fault_write_call,						\
}

#define CALL_FAULT_MESSAGE_CALLS {					\
	&call_fault_open_call, &call_fault_read_call,			\
	&call_fault_write_call, &call_fault_append_call,		\
}

#endif /* _SELFTESTS_LIB_CALL_FAULT_FILE_H */
