/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Call fault - a call during which an allocation or a user copy fails
 *
 * No matter which allocation or copy fails, a call must either do all that it
 * does without a fault, or return an error and change nothing.  There is no
 * table of expected results.  Instead, the test makes each call once without a
 * fault, and compares each call with a fault with that one.  A test program
 * includes this file, and then the descriptions of the modules.
 */
#ifndef _SELFTESTS_SUITES_CALL_FAULT_H
#define _SELFTESTS_SUITES_CALL_FAULT_H

#include <kselftest_harness.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/call_fault_file.h"
#include "lib/description.h"
#include "lib/fault.h"
#include "lib/lacking.h"
#include "lib/module.h"

/*
 * The result of a call: what it returned, and what .look of the call returned.
 */
struct call_fault_end {
	bool had_fault;
	long answer;
	char seen[CALL_FAULT_MAX_SEEN];
};

FIXTURE(call_fault)
{
	struct call_fault_file file;
	int fail_nth;
};

/* .nr is the index of the file in .files of the description. */
FIXTURE_VARIANT(call_fault)
{
	const struct module_description *of;
	int nr;
};

#undef IN_CALL_FAULT
#define IN_CALL_FAULT(id, variant, number)				\
	DESCRIBED(call_fault, variant, .of = &id##_module, .nr = number)

/* Returns the calls on the variant's file; the list ends with NULL. */
static const struct call_fault_call * const *
call_fault_calls(const FIXTURE_VARIANT(call_fault) * variant)
{
	return variant->of->files[variant->nr].calls;
}

/* Returns the variant's file, which has not been opened yet. */
static struct call_fault_file
call_fault_file(const FIXTURE_VARIANT(call_fault) * variant)
{
	struct call_fault_file file = variant->of->files[variant->nr].file;

	file.module = variant->of->module;
	file.fd = -1;
	return file;
}

/* Loads the module of the variant's file; returns 0 or a negative errno. */
static inline int call_fault_load_file(const FIXTURE_VARIANT(call_fault) * variant)
{
	struct call_fault_file file = call_fault_file(variant);

	return call_fault_load(&file);
}

/*
 * Returns the first variant of the program, each of which is a file.  The list
 * ends with NULL.
 */
static inline const struct __fixture_variant_metadata *call_fault_files(void)
{
	return _call_fault_fixture_object.variant;
}

/* Prepares for all modules.  Returns what the kernel lacks for one, or NULL. */
static inline const char *call_fault_lacking(void)
{
	const struct __fixture_variant_metadata *at;
	const char *lacking = NULL;

	for (at = call_fault_files(); at; at = at->next) {
		const FIXTURE_VARIANT(call_fault) * variant = at->data;

		if (!lacking && variant->of->prepare)
			lacking = variant->of->prepare();
	}
	return lacking;
}

FIXTURE_SETUP(call_fault)
{
	SKIP_IF_LACKING(return, description_lacking(variant->of));
	SKIP_IF_LACKING(return, fault_lacking());
	self->fail_nth = fault_open();
	ASSERT_LE(0, self->fail_nth);

	self->file = call_fault_file(variant);
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

/*
 * Makes a call in which the @nth allocation or copy fails, or none if @nth is
 * 0.  Stores the result in @end.  Returns 0 or an error of the preparation.
 */
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

/*
 * Prepares for a call and stores the state in @end, but does not make the call.
 */
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

/*
 * Returns true if the call had the same result as @done, the call without a
 * fault.  A call in which a fault fired may also fail, but the state must then
 * be that of @undone, before the call.
 */
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

/*
 * Makes a call once for each allocation or copy in it, which then fails.
 * Returns what is wrong, or "".
 */
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
	if (call->has_no_fault)
		return nth > 1 ? "it has a fault" : "";
	return nth > 1 ? "" : "it has no fault";
}

/*
 * FULLEX-11, VINPUT-5, VINPUT-6, VINPUT-7: some of these defects cause a kernel
 * warning, which would stop the kernel here (panic_on_warn).
 */
TEST_F(call_fault, does_all_or_nothing)
{
	const struct call_fault_call * const *call;

	for (call = call_fault_calls(variant); *call; call++) {
		EXPECT_STREQ("", call_fault_wrong(self, *call))
			TH_LOG("%s", (*call)->name);
	}
}

#endif /* _SELFTESTS_SUITES_CALL_FAULT_H */
