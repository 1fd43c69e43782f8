/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Call fault - a call during which an allocation or a user copy fails
 *
 * Whichever allocation or copy fails, a call either does all that it does
 * without a fault, or returns an error and has changed nothing.  The expected
 * result is not written down: each call is made once without a fault, and the
 * others are compared with that one.  A test program includes this and adds a
 * variant for each of its files.
 */
#ifndef _SELFTESTS_SUITES_CALL_FAULT_H
#define _SELFTESTS_SUITES_CALL_FAULT_H

#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/fault.h"
#include "lib/file.h"
#include "lib/module.h"
#include "lib/sysret.h"

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

/* The result of a call. */
struct call_fault_end {
	bool had_fault;
	long answer;
	char seen[CALL_FAULT_MAX_SEEN];
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

FIXTURE(call_fault)
{
	struct call_fault_file file;
	int fail_nth;
};

/*
 * .calls ends with a NULL, so there is room for one call less than in the
 * array.  If .prepare is set, it creates what the module needs, and returns
 * what the kernel lacks for that, or NULL.
 */
FIXTURE_VARIANT(call_fault)
{
	struct call_fault_file file;
	const struct call_fault_call *calls[CALL_FAULT_MAX_CALLS];
	const char *(*prepare)(void);
};

/* Returns the first of the program's files; the list ends with NULL. */
static inline const struct __fixture_variant_metadata *call_fault_files(void)
{
	return _call_fault_fixture_object.variant;
}

/* Returns what the kernel lacks for one of the modules, or NULL. */
static inline const char *call_fault_lacking(void)
{
	const struct __fixture_variant_metadata *at;
	const char *lacking = NULL;

	for (at = call_fault_files(); at; at = at->next) {
		const FIXTURE_VARIANT(call_fault) * variant = at->data;

		if (!lacking && variant->prepare)
			lacking = variant->prepare();
	}
	return lacking;
}

FIXTURE_SETUP(call_fault)
{
	const char *lacking = module_lacking(variant->file.module);

	if (!lacking && variant->prepare)
		lacking = variant->prepare();
	if (lacking)
		SKIP(return, "%s", lacking);

	self->fail_nth = fault_open();
	if (self->fail_nth == -ENOENT)
		SKIP(return, "needs CONFIG_FAULT_INJECTION");
	ASSERT_LE(0, self->fail_nth);

	self->file = variant->file;
	self->file.fd = -1;
	ASSERT_EQ(0, call_fault_load(&self->file));
	fault_prepare();
	fault_set_min_order("0");
}

FIXTURE_TEARDOWN(call_fault)
{
	fault_set_min_order("1");
	fault_restore();
	call_fault_close(&self->file);
	EXPECT_EQ(0, module_unload(self->file.module));
	close(self->fail_nth);
}

/* Makes a call with its @nth fault, none if 0; returns 0 or an error. */
static int call_fault_make(FIXTURE_DATA(call_fault) * self,
			   const struct call_fault_call *call, int nth,
			   struct call_fault_end *end)
{
	int err = call->prepare(&self->file);

	if (err)
		return err;
	fault_arm(self->fail_nth, nth);
	end->answer = call->make(&self->file);
	end->had_fault = nth && fault_disarm(self->fail_nth);
	snprintf(end->seen, sizeof(end->seen), "%s", call->look(&self->file));
	return 0;
}

/* Prepares for a call and records the state, but does not make the call. */
static int call_fault_omit(FIXTURE_DATA(call_fault) * self,
			   const struct call_fault_call *call,
			   struct call_fault_end *end)
{
	int err = call->prepare(&self->file);

	if (err)
		return err;
	snprintf(end->seen, sizeof(end->seen), "%s", call->look(&self->file));
	return 0;
}

static bool call_fault_is_cause(const struct call_fault_call *call, long err)
{
	return fault_is_cause(err) ||
	       (err && (err == call->errs[0] || err == call->errs[1]));
}

/* Only a call that had a fault may fail, and then must have changed nothing. */
static bool call_fault_is_right(const struct call_fault_call *call,
				const struct call_fault_end *end,
				const struct call_fault_end *done,
				const struct call_fault_end *undone)
{
	if (end->answer == done->answer && !strcmp(end->seen, done->seen))
		return true;
	return end->had_fault && call_fault_is_cause(call, end->answer) &&
	       !strcmp(end->seen, undone->seen);
}

/* Makes a call with each of its faults; returns what is wrong, or "". */
static const char *call_fault_wrong(FIXTURE_DATA(call_fault) * self,
				    const struct call_fault_call *call)
{
	static struct call_fault_end undone, done, end;
	static char wrong[3 * CALL_FAULT_MAX_SEEN];
	int nth = 0;

	if (call_fault_omit(self, call, &undone) ||
	    call_fault_make(self, call, 0, &done))
		return "it cannot be prepared";
	if (done.answer < 0 && done.answer != call->refusal)
		return strerror(-done.answer);
	do {
		if (call_fault_make(self, call, ++nth, &end))
			return "it cannot be prepared again";
		if (!call_fault_is_right(call, &end, &done, &undone)) {
			snprintf(wrong, sizeof(wrong),
				 "fault %d: %ld and then %s", nth, end.answer,
				 end.seen);
			return wrong;
		}
	} while (end.had_fault);
	return nth > 1 ? "" : "it has no fault";
}

/*
 * FULLEX-11, VINPUT-5, VINPUT-6, VINPUT-7: a kernel warning would end the test
 * here (panic_on_warn)
 */
TEST_F(call_fault, does_all_or_nothing)
{
	const struct call_fault_call * const *call;

	for (call = variant->calls; *call; call++) {
		EXPECT_STREQ("", call_fault_wrong(self, *call))
			TH_LOG("%s", (*call)->name);
	}
}

#endif /* _SELFTESTS_SUITES_CALL_FAULT_H */
