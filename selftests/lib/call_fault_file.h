/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Call fault file - a module's file, and the calls that the suite makes on it
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
 * A module's file.  The module is loaded with .params.  The file is opened with
 * .flags.  If .renew is set, it is called before each call, and restores what
 * an earlier call may have used up.  If .before is set, it is then written to
 * the file.  A write writes .text, and a read stores its bytes in .read; if
 * .memory is set, both use that as their buffer instead.  .fd is -1 while the
 * file is closed.  .copies_last is set if a call does not hold the file while
 * it copies, so that an unload need not wait for it.
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
 * .prepare sets up the state in which the call is made, and .look returns a
 * text that describes the state after it.  .errs are what the call may return
 * because of a fault, besides -ENOMEM and -EFAULT.  A call that never succeeds
 * returns .refusal.
 */
struct call_fault_call {
	const char *name;
	int (*prepare)(struct call_fault_file *file);
	long (*make)(struct call_fault_file *file);
	const char *(*look)(struct call_fault_file *file);
	int errs[2];
	int refusal;
};

static inline void call_fault_close(struct call_fault_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

/* Returns 0 or a negative errno, which is also stored in .fd. */
static inline int call_fault_open(struct call_fault_file *file)
{
	file->fd = sysret(open(file->path, file->flags | O_CLOEXEC));
	return file->fd < 0 ? file->fd : 0;
}

static inline int call_fault_load(const struct call_fault_file *file)
{
	return module_reload(file->module, file->params ? file->params : "");
}

/* A .renew for a file that counts its uses: resets the count. */
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
 * Returns a text with the file's offset, its content and what has been read.
 * Opens the file first if it is closed; if that fails, returns the error's
 * text.
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

/* The calls on a file that keeps a value, and on one to which a write appends. */
#define CALL_FAULT_VALUE_CALLS {					\
	&call_fault_open_call, &call_fault_read_call,			\
	&call_fault_write_call,						\
}

#define CALL_FAULT_MESSAGE_CALLS {					\
	&call_fault_open_call, &call_fault_read_call,			\
	&call_fault_write_call, &call_fault_append_call,		\
}

#endif /* _SELFTESTS_LIB_CALL_FAULT_FILE_H */
