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
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "command.h"
#include "guest.h"
#include "ktap.h"
#include "leak.h"
#include "left.h"
#include "log.h"
#include "module.h"
#include "nodes.h"
#include "plan.h"
#include "taint.h"
#include "task.h"
#include "tree.h"

/* The seconds that init or exit may take, and a command. */
#define LIMIT		30
#define COMMAND_LIMIT	60
/* The number of modules that a module may need. */
#define NEEDS		64

/* The directory of the plans. */
static const char *plans;
static struct plan plan;
static struct plan needs[NEEDS];
/* How many of them are loaded. */
static size_t needs_loaded;
/* The files of before are known. */
static bool is_remembered;
/* The module is loaded; it was; it hangs, or was killed. */
static bool is_loaded, was_loaded, is_hanging;
/* How often it was to be loaded. */
static int loads;
static unsigned long taint;

/* Read the plans of the module and of those that it needs. */
static const char *read_plans(void)
{
	const char *reason = plan_read(&plan, plans, plan.name);
	size_t i, j;

	if (!reason && plan.needs.count > NEEDS)
		reason = because("it needs more than %d modules", NEEDS);
	for (i = 0; !reason && i < plan.needs.count; i++) {
		reason = plan_read(&needs[i], plans, plan.needs.list[i]);
		for (j = 0; !reason && j < needs[i].modprobe.count; j++)
			names_add(&plan.modprobe, needs[i].modprobe.list[j]);
	}
	return reason;
}

/* Explain a failure of task_run() in a call of the module, and trust no more. */
static const char *give_up(const char *reason)
{
	is_hanging = true;
	if (task_hangs())
		task_show();
	return reason;
}

static void do_load(const void *data)
{
	task_begins("init", 0);
	progress->error = module_load(data);
}

static const char *load(const struct plan *module)
{
	const char *reason = task_run(do_load, module, slow(LIMIT));

	if (reason)
		return give_up(reason);
	return progress->error ? error_text(progress->error) : NULL;
}

static void do_unload(const void *name)
{
	task_begins("exit", 0);
	progress->error = module_unload(name);
}

static const char *unload(const char *name)
{
	const char *reason = task_run(do_unload, name, slow(LIMIT));

	if (reason)
		return give_up(reason);
	return progress->error ? module_unload_reason(name, progress->error) : NULL;
}

/* Load the modules of the kernel that the module needs. */
static const char *load_kernels_own(void)
{
	struct names argv = { };
	const char *reason;
	size_t i;

	if (!plan.modprobe.count)
		return NULL;
	names_add(&argv, "modprobe");
	names_add(&argv, "-a");
	for (i = 0; i < plan.modprobe.count; i++)
		names_add(&argv, plan.modprobe.list[i]);
	reason = command_run(argv.list, slow(COMMAND_LIMIT), command_note);
	return reason ? because("modprobe, for what it needs: %s", reason) : NULL;
}

/* Load the modules that the module needs. */
static const char *load_needs(void)
{
	const char *reason = load_kernels_own();

	for (; !reason && needs_loaded < plan.needs.count; needs_loaded++) {
		const struct plan *module = &needs[needs_loaded];

		reason = load(module);
		if (!is_hanging && progress->error == EEXIST)
			reason = NULL;
		if (reason)
			return because("%s, which it needs, does not load: %s",
				       module->name, reason);
	}
	return reason;
}

static const char *step_load(void)
{
	const char *reason = read_plans() ?: load_needs();

	if (reason)
		return reason;
	left_remember();
	is_remembered = true;
	taint = taint_read();
	loads = 1;
	reason = load(&plan);
	if (reason)
		log_show();
	is_loaded = !reason;
	was_loaded = is_loaded;
	return reason;
}

static const char *step_use(void)
{
	char * const argv[] = { "sh", "-c", (char *)plan.use, NULL };
	struct entries added, removed;

	if (plan.use)
		return command_run(argv, slow(COMMAND_LIMIT), command_note);
	tree_compare(&added, &removed);
	return nodes_use(&added);
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
	const char *reason = unload(plan.name);

	is_loaded = reason;
	return reason;
}

static const char *step_left(void)
{
	return left_find();
}

/* Load and unload the module; on an error, progress has the call and the load. */
static void do_reload(const void *data)
{
	const struct plan *module = data;
	int i;

	for (i = 1; i <= module->loads && !progress->error; i++) {
		task_begins("init", i);
		progress->error = module_load(module);
		if (progress->error)
			break;
		task_begins("exit", i);
		progress->error = module_unload(module->name);
	}
}

static const char *step_reload(void)
{
	const long begin = now_ms();
	const char *reason = task_run(do_reload, &plan, slow(LIMIT));
	const bool in_exit = progress->call[0] == 'e';

	loads += progress->number;
	ktap_note("%zu loads in %ld ms", progress->number, now_ms() - begin);
	if (reason)
		give_up(reason);
	else if (in_exit && progress->error)
		reason = module_unload_reason(plan.name, progress->error);
	else if (progress->error)
		reason = error_text(progress->error);
	is_loaded = reason && in_exit;
	return reason ? because("%s number %zu: %s", in_exit ? "unload" : "load",
				progress->number, reason) : NULL;
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

	if (is_hanging)
		lack = "the guest is rebooted, since the module hangs";
	if (lack) {
		ktap_skip(steps[i].name, lack);
		return;
	}
	log_begin(plan.name, steps[i].name);
	ktap_result(steps[i].name, steps[i].run());
}

/* Unload what the module needs, so that the next module begins without it. */
static void unload_needs(void)
{
	while (needs_loaded && !is_hanging) {
		const char *name = needs[--needs_loaded].name;
		const char *reason = unload(name);

		if (reason)
			ktap_note("%s, which it needs, is not unloaded: %s", name, reason);
	}
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
		unload_needs();
	is_ok = ktap_end();
	if (is_loaded || is_hanging) {
		ktap_drain();
		reboot(RB_AUTOBOOT);
	}
	return !is_ok;
}
