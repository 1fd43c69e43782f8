// SPDX-License-Identifier: GPL-2.0
/*
 * Prove - load, use, unload and load again a module, and print what went wrong
 *
 *	gcc -O2 -static -Wall -Wextra -Werror -o prove rig/guest/prove/?*.c
 *	prove PLAN MODULE
 *
 * PLAN is a directory with a plan for each module, see plan.h.  SLOW is the factor
 * by which the kernel is slower, for all timeouts.
 *
 * The results form a document of their own, with one for each step.  The kernel's
 * log is left to the host, for which it has a line where each step begins.  If the
 * module cannot be unloaded, this program reboots the guest, because nothing else
 * can be proved in it.
 */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "command.h"
#include "devices.h"
#include "guest.h"
#include "ktap.h"
#include "leak.h"
#include "left.h"
#include "log.h"
#include "module.h"
#include "needs.h"
#include "nodes.h"
#include "plan.h"
#include "taint.h"
#include "task.h"
#include "tree.h"
#include "trial.h"

/* The seconds that a command may take. */
#define LIMIT	60
/* The list of the devices that are registered. */
#define DEVICES	"/proc/devices"

/* The directory of the plans. */
static const char *plans;
static struct plan plan;
/* The files of before are known. */
static bool is_remembered;
/* The module is loaded, and was loaded. */
static bool is_loaded, was_loaded;
/* How often it was to be loaded. */
static int loads;
static unsigned long taint;

/* Load what the module needs, and remember the state without the module. */
static const char *prepare(void)
{
	const char *reason = needs_read(&plan, plans, plan.name) ?: needs_load(&plan);

	if (reason)
		return reason;
	left_remember();
	devices_remember(DEVICES);
	is_remembered = true;
	taint = taint_read();
	return NULL;
}

static const char *step_load(void)
{
	const char *reason = prepare();

	if (!reason) {
		loads = 1;
		reason = trial_load(&plan);
		is_loaded = !reason;
		was_loaded = is_loaded;
	}
	if (reason)
		log_show();
	return reason;
}

static const char *step_use(void)
{
	char * const argv[] = { "sh", "-c", (char *)plan.use, NULL };
	struct entries added, removed;
	const char *reason;

	if (plan.use)
		return command_run(argv, slow(LIMIT), command_note);
	tree_compare(&added, &removed);
	devices_make(DEVICES, &added);
	reason = nodes_use(&added);
	devices_remove();
	return reason;
}

static const char *step_taint(void)
{
	const unsigned long added = taint_read() & ~taint;
	const char *letters = module_taint(plan.name);

	ktap_note("of the module: %s; of the kernel, new: %s",
		  *letters ? letters : "none", taint_letters(added));
	return taint_reason(added);
}

static const char *step_unload(void)
{
	const char *reason = trial_unload(plan.name);

	is_loaded = reason;
	return reason;
}

static const char *step_left(void)
{
	return left_find();
}

static const char *step_reload(void)
{
	const char *reason = trial_reload(&plan, &loads);

	is_loaded = reason && trial_is_in_exit();
	return reason;
}

static const char *step_leak(void)
{
	return leak_find(loads);
}

static const char *lacks_load(void)
{
	return is_loaded ? NULL : "the module is not loaded";
}

static const char *lacks_unload(void)
{
	if (is_loaded)
		return "the module is not unloaded";
	return is_remembered ? NULL : "the module is not loaded";
}

static const char *lacks_kmemleak(void)
{
	return leak_is_known() ? lacks_unload() : "the kernel has no kmemleak";
}

static const char *lacks_first_load(void)
{
	return was_loaded ? lacks_unload() : "the module is not loaded";
}

static const char *lacks_nothing(void)
{
	return NULL;
}

/* @lacks returns the reason why the step cannot be done, or NULL. */
static const struct {
	const char *name;
	const char *(*lacks)(void);
	const char *(*run)(void);
} steps[] = {
	{ "load", lacks_nothing, step_load },
	{ "use", lacks_load, step_use },
	{ "taint", lacks_load, step_taint },
	{ "unload", lacks_load, step_unload },
	{ "left", lacks_unload, step_left },
	{ "reload", lacks_first_load, step_reload },
	{ "leak", lacks_kmemleak, step_leak },
};

#define STEPS	(sizeof(steps) / sizeof(*steps))

static void do_step(size_t i)
{
	const char *lack = steps[i].lacks();

	if (trial_hangs())
		lack = "the guest is rebooted";
	if (lack) {
		ktap_skip(steps[i].name, lack);
		return;
	}
	log_begin(plan.name, steps[i].name);
	ktap_result(steps[i].name, steps[i].run());
}

int main(int argc, char *argv[])
{
	char scripts[PATH_MAX];
	bool is_ok;
	size_t i;

	if (argc != 3) {
		fprintf(stderr, "usage: prove PLAN MODULE\n");
		return 2;
	}
	if (!guest_find_scripts(scripts, sizeof(scripts))) {
		fprintf(stderr, "prove: this is not a guest of the rig\n");
		return 2;
	}
	plans = argv[1];
	plan.name = argv[2];
	task_init();
	leak_clear();
	ktap_begin(plan.name, STEPS);
	for (i = 0; i < STEPS; i++)
		do_step(i);
	if (!is_loaded)
		needs_unload();
	is_ok = ktap_end();
	if (is_loaded || trial_hangs()) {
		ktap_drain();
		reboot(RB_AUTOBOOT);
	}
	return !is_ok;
}
