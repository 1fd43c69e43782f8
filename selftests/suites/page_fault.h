/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stuck - a call that sleeps in a page fault must not block another task
 *
 * The test makes each call of the variants of call_fault.h that copies from or
 * to user memory, with its buffer in a missing page.  While the call waits for
 * the page, another task makes all the calls on all files of the module.  These
 * must have the same results as while the file was open, but no call was
 * waiting.  A test program that has variants of call_fault.h needs only to
 * include this file.
 */
#ifndef _SELFTESTS_SUITES_PAGE_FAULT_H
#define _SELFTESTS_SUITES_PAGE_FAULT_H

#include <errno.h>
#include <kselftest_harness.h>
#include <linux/magic.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "call_fault.h"
#include "lib/await.h"
#include "lib/gate.h"
#include "lib/lacking.h"
#include "lib/missing_page.h"
#include "lib/module.h"
#include "lib/shared.h"
#include "lib/task.h"

#define STUCK_MAX_ANSWERS	64
#define STUCK_NO_ANSWER		(-4096L)

/*
 * The argument of the other task, and the results of its calls, in shared
 * memory.
 */
struct stuck_others {
	const char *module;
	long answers[STUCK_MAX_ANSWERS];
};

/* The call that waits for its page, and the thread that makes it. */
struct stuck_maker {
	struct call_fault_file file;
	const struct call_fault_call *call;
	struct gate returned;
	pthread_t thread;
	long answer;
};

FIXTURE(stuck)
{
	struct stuck_page page;
	struct stuck_others *others;
	struct stuck_maker maker;
	char *arriving;
};

FIXTURE_SETUP(stuck)
{
	SKIP_IF_LACKING(return, call_fault_lacking());
	if (!stuck_page_is_available())
		SKIP(return, "needs CONFIG_USERFAULTFD");

	ASSERT_EQ(0, stuck_page_init(&self->page));
	self->others = shared_alloc(sizeof(*self->others));
	ASSERT_NE(NULL, self->others);
	self->arriving = calloc(1, self->page.size);
	ASSERT_NE(NULL, self->arriving);
	ASSERT_EQ(0, gate_init(&self->maker.returned));
}

FIXTURE_TEARDOWN(stuck)
{
	gate_destroy(&self->maker.returned);
	free(self->arriving);
	shared_free(self->others, sizeof(*self->others));
	stuck_page_destroy(&self->page);
}

static void *stuck_make(void *arg)
{
	struct stuck_maker *maker = arg;

	maker->answer = maker->call->make(&maker->file);
	gate_open(&maker->returned);
	return NULL;
}

/*
 * Starts the maker's call, with its buffer at @memory; returns "" if the call
 * waits for the page, or what is wrong.
 */
static const char *stuck_begin(FIXTURE_DATA(stuck) * self, void *memory)
{
	struct stuck_maker *maker = &self->maker;
	static char wrong[64];

	maker->file.memory = memory;
	if (stuck_page_take(&self->page) ||
	    pthread_create(&maker->thread, NULL, stuck_make, maker))
		return "it cannot begin";
	if (stuck_page_wait(&self->page, maker->returned.ends[0]) == 1)
		return "";

	snprintf(wrong, sizeof(wrong), "it touches no memory: %ld",
		 maker->answer);
	return wrong;
}

/*
 * Supplies the page, filled with the text that a write passes, and waits until
 * the call returns.  Returns the result of the call.
 */
static long stuck_end(FIXTURE_DATA(stuck) * self)
{
	struct stuck_maker *maker = &self->maker;
	const char *text = maker->file.text ? maker->file.text : "";

	memset(self->arriving, 0, self->page.size);
	memcpy(self->arriving, text, strlen(text));
	stuck_page_give(&self->page, self->arriving);
	gate_wait(&maker->returned);
	pthread_join(maker->thread, NULL);
	maker->file.memory = NULL;
	return maker->answer;
}

/*
 * Makes all calls on one file and stores their results in @answers.  The module
 * is in use and cannot be reloaded, so this does not reset its count of uses,
 * as call_fault_reload() would.
 */
static void stuck_make_others_of(const FIXTURE_VARIANT(call_fault) * variant, long *answers)
{
	const struct call_fault_call * const *call;
	struct call_fault_file file = call_fault_file(variant);

	if (file.renew == call_fault_reload)
		file.renew = NULL;
	for (call = call_fault_calls(variant); *call; call++) {
		*answers = (*call)->prepare(&file);
		if (!*answers)
			*answers = (*call)->make(&file);
		answers++;
	}
	call_fault_close(&file);
}

static inline int stuck_make_others(void *arg)
{
	const struct __fixture_variant_metadata *at;
	struct stuck_others *others = arg;
	int nr = 0;

	for (at = call_fault_files(); at; at = at->next) {
		const FIXTURE_VARIANT(call_fault) * variant = at->data;

		if (strcmp(variant->of->module, others->module))
			continue;
		if (nr + CALL_FAULT_MAX_CALLS > STUCK_MAX_ANSWERS)
			return -EOVERFLOW;
		stuck_make_others_of(variant, others->answers + nr);
		nr += CALL_FAULT_MAX_CALLS;
	}
	return 0;
}

/*
 * Makes all calls in another task, which is killed if it does not end in time.
 */
static int stuck_run_others(FIXTURE_DATA(stuck) * self, const char *module,
			    struct stuck_others *answered)
{
	struct stuck_others *others = self->others;
	int err;
	int i;

	others->module = module;
	for (i = 0; i < STUCK_MAX_ANSWERS; i++)
		others->answers[i] = STUCK_NO_ANSWER;
	err = await_task(task_start(stuck_make_others, others));
	*answered = *others;
	return err;
}

/*
 * Compares the results of the other task.  Returns the first difference, or "".
 */
static const char *stuck_differ(const struct stuck_others *open,
				const struct stuck_others *stuck)
{
	static char wrong[96];
	int i = 0;

	while (i < STUCK_MAX_ANSWERS && stuck->answers[i] == open->answers[i])
		i++;
	if (i == STUCK_MAX_ANSWERS)
		return "";
	if (stuck->answers[i] == STUCK_NO_ANSWER)
		return "another task waits with it";
	snprintf(wrong, sizeof(wrong), "call %d of another task: %ld, not %ld",
		 i, stuck->answers[i], open->answers[i]);
	return wrong;
}

/*
 * Returns the first call from @call on that uses the buffer: one that does not
 * open the file.
 */
static const struct call_fault_call * const *
stuck_next(const struct call_fault_call * const *call)
{
	while (*call && (*call)->make == call_fault_make_open)
		call++;
	return call;
}

static int stuck_prepare(FIXTURE_DATA(stuck) * self,
			 const FIXTURE_VARIANT(call_fault) * variant,
			 const struct call_fault_call *call)
{
	struct stuck_maker *maker = &self->maker;

	maker->file = call_fault_file(variant);
	maker->call = call;
	return call->prepare(&maker->file);
}

/*
 * Makes one call wait for its page while another task makes all calls.  Returns
 * what is wrong, or "".
 */
static const char *stuck_wrong(FIXTURE_DATA(stuck) * self,
			       const FIXTURE_VARIANT(call_fault) * variant,
			       const struct call_fault_call *call)
{
	static struct stuck_others open, stuck;
	const char *wrong = "";

	if (stuck_prepare(self, variant, call))
		return "it cannot be prepared";
	if (stuck_run_others(self, variant->of->module, &open))
		return "the other task fails where nothing is stuck";

	call_fault_close(&self->maker.file);
	if (stuck_prepare(self, variant, call))
		return "it cannot be prepared again";
	wrong = stuck_begin(self, self->page.border);
	if (!*wrong) {
		stuck_run_others(self, variant->of->module, &stuck);
		wrong = stuck_differ(&open, &stuck);
	}
	stuck_end(self);
	call_fault_close(&self->maker.file);
	return wrong;
}

TEST_F(stuck, call_stops_no_other_task)
{
	const struct __fixture_variant_metadata *at;
	const struct call_fault_call * const *call;

	for (at = call_fault_files(); at; at = at->next) {
		const FIXTURE_VARIANT(call_fault) * variant = at->data;

		ASSERT_EQ(0, call_fault_load_file(variant));
		for (call = stuck_next(call_fault_calls(variant)); *call;
		     call = stuck_next(call + 1)) {
			EXPECT_STREQ("", stuck_wrong(self, variant, *call))
				TH_LOG("%s: %s", at->name, (*call)->name);
		}
		EXPECT_EQ(0, module_unload(variant->of->module));
	}
}

/*
 * Returns true if an unload must wait for a call in progress on the file.
 * procfs and debugfs wait for such a call, other file systems do not.
 */
static bool stuck_holds_up_unload(const struct call_fault_file *file)
{
	struct statfs fs;

	if (file->copies_last || statfs(file->path, &fs))
		return false;
	return fs.f_type == PROC_SUPER_MAGIC || fs.f_type == DEBUGFS_MAGIC;
}

/* The path in sysfs of the module that is being unloaded. */
static char stuck_module[sizeof("/sys/module/") + NAME_MAX];

/*
 * Returns true if the task that unloads the module waits for a call.  The task
 * may also sleep later, while it frees the module, but by then the module's
 * directory in sysfs has been removed.
 */
static bool stuck_is_waiting(pid_t pid)
{
	return await_state(pid) == 'D' && !access(stuck_module, F_OK);
}

static inline int stuck_unload(void *arg)
{
	const struct call_fault_file *file = arg;

	return module_unload(file->module);
}

/*
 * Unloads the module while a call waits for its page.  If an open file holds a
 * reference to the module, the unload must fail.  Returns what is wrong, or "".
 */
static const char *stuck_wrong_unload(FIXTURE_DATA(stuck) * self,
				      struct call_fault_file *file)
{
	const bool is_held = module_refcount(file->module) > 0;
	const bool waits = !is_held && stuck_holds_up_unload(file);
	bool did_wait;
	pid_t child;
	int err;

	module_directory(stuck_module, sizeof(stuck_module), file->module);
	child = task_start(stuck_unload, file);
	did_wait = !waits || await(stuck_is_waiting, child);

	if (waits)
		stuck_end(self);
	err = await_task(child);
	if (!waits)
		stuck_end(self);
	if (!did_wait)
		return "the unload did not wait";
	if (err == (is_held ? -EWOULDBLOCK : 0))
		return "";
	return err < 0 ? strerror(-err) : "the unload did not end";
}

/*
 * Unloads the module during the first call that uses the buffer; the other
 * calls are not tested.  Returns what is wrong, or "".
 */
static const char *stuck_unload_file(FIXTURE_DATA(stuck) * self,
				     const FIXTURE_VARIANT(call_fault) * variant)
{
	const struct call_fault_call *call = *stuck_next(call_fault_calls(variant));
	struct call_fault_file *file = &self->maker.file;
	const char *wrong;

	if (!call)
		return "";
	if (stuck_prepare(self, variant, call))
		return "it cannot be prepared";
	wrong = stuck_begin(self, self->page.border);
	if (!*wrong)
		wrong = stuck_wrong_unload(self, file);
	else
		stuck_end(self);
	call_fault_close(file);
	return wrong;
}

TEST_F(stuck, call_holds_up_an_unload_in_procfs_and_debugfs_only)
{
	const struct __fixture_variant_metadata *at;

	for (at = call_fault_files(); at; at = at->next) {
		const FIXTURE_VARIANT(call_fault) * variant = at->data;

		ASSERT_EQ(0, call_fault_load_file(variant));
		EXPECT_STREQ("", stuck_unload_file(self, variant))
			TH_LOG("%s", at->name);
		module_unload(variant->of->module);
	}
}

#endif /* _SELFTESTS_SUITES_PAGE_FAULT_H */
