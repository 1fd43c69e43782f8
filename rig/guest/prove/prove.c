// SPDX-License-Identifier: GPL-2.0
/*
 * Prove - load, use, unload and load again a module, and print what went wrong
 *
 *	gcc -O2 -static -Wall -Wextra -Werror -o prove rig/guest/prove/?*.c
 *	prove PLAN MODULE [soak|fuzz]
 *
 * PLAN is a directory with a plan for each module, see plan.h.  SLOW is the factor
 * by which the kernel is slower, for all timeouts.  A soak or a fuzz replaces the
 * steps "use" and "reload".
 *
 * The results form a document of their own, with one for each step.  The kernel's
 * log is left to the host, for which it has a line where each step begins.  If the
 * module cannot be unloaded, this program reboots the guest, because nothing else
 * can be proved in it.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "command.h"
#include "devices.h"
#include "fuzz.h"
#include "guest.h"
#include "ktap.h"
#include "leak.h"
#include "left.h"
#include "log.h"
#include "module.h"
#include "needs.h"
#include "nodes.h"
#include "plan.h"
#include "soak.h"
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
/* The files on which tasks make calls; the first ones are the module's own. */
static struct entries nodes;
static size_t own_nodes;

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

/* Find the files on which tasks may make calls; return a reason if there is none. */
static const char *find_nodes(bool only_looks)
{
	struct entries added, removed;

	if (!is_loaded)
		return "the module is not loaded";
	tree_compare(&added, &removed);
	devices_make(DEVICES, &added);
	own_nodes = nodes_choose(&added, &nodes, only_looks);
	return nodes.count ? NULL : "it makes no file in /dev, /proc, /sys or debugfs";
}

static const char *lacks_nodes_to_read(void)
{
	return find_nodes(true);
}

static const char *lacks_nodes(void)
{
	return find_nodes(false);
}

static const char *step_soak(void)
{
	const char *reason = soak_run(&plan, &nodes, own_nodes, &loads);

	devices_remove();
	is_loaded = module_is_loaded(plan.name);
	return reason;
}

static const char *step_fuzz(void)
{
	const char *reason = fuzz_run(&plan, &nodes, own_nodes);

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

/* What is done with the module: one of these, or several in a step. */
enum { CHECK = 1, SOAK = 2, FUZZ = 4, ALL = CHECK | SOAK | FUZZ };

/* @lacks returns the reason why the step cannot be done, or NULL. */
static const struct {
	const char *name;
	const char *(*lacks)(void);
	const char *(*run)(void);
	int verbs;
} steps[] = {
	{ "load", lacks_nothing, step_load, ALL },
	{ "use", lacks_load, step_use, CHECK },
	{ "soak", lacks_nodes_to_read, step_soak, SOAK },
	{ "fuzz", lacks_nodes, step_fuzz, FUZZ },
	{ "taint", lacks_load, step_taint, ALL },
	{ "unload", lacks_load, step_unload, ALL },
	{ "left", lacks_unload, step_left, ALL },
	{ "reload", lacks_first_load, step_reload, CHECK },
	{ "leak", lacks_kmemleak, step_leak, ALL },
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

/* Return the verb with this name, or 0. */
static int verb_of(const char *name)
{
	if (!strcmp(name, "soak"))
		return SOAK;
	return strcmp(name, "fuzz") ? 0 : FUZZ;
}

/* Do the steps of a verb; return true if all passed. */
static bool prove(int verb)
{
	int count = 0;
	size_t i;

	for (i = 0; i < STEPS; i++)
		count += !!(steps[i].verbs & verb);
	ktap_begin(plan.name, count);
	for (i = 0; i < STEPS; i++)
		if (steps[i].verbs & verb)
			do_step(i);
	if (!is_loaded)
		needs_unload();
	return ktap_end();
}

/*
 * Restart the guest at once.  An orderly restart waits for processor 0, on which a
 * function of the module may be in an endless loop.
 */
static void restart(void)
{
	int fd = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "b", 1) < 0)
		reboot(RB_AUTOBOOT);
}

int main(int argc, char *argv[])
{
	const int verb = argc == 4 ? verb_of(argv[3]) : CHECK;
	char scripts[PATH_MAX];
	bool is_ok;

	if (argc < 3 || argc > 4 || !verb) {
		fprintf(stderr, "usage: prove PLAN MODULE [soak|fuzz]\n");
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
	is_ok = prove(verb);
	/* Another module begins in a guest whose memory has not been corrupted. */
	if (is_loaded || trial_hangs() || (verb != CHECK && log_has_bug())) {
		ktap_drain();
		restart();
	}
	return !is_ok;
}
