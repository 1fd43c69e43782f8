// SPDX-License-Identifier: GPL-2.0
/*
 * Needs - load and unload the other modules that a module needs
 */
#include <errno.h>

#include "command.h"
#include "ktap.h"
#include "needs.h"
#include "task.h"
#include "trial.h"

/* The seconds that modprobe may take. */
#define LIMIT	60
/* The number of modules that a module may need. */
#define NEEDS	64

static struct plan needs[NEEDS];
/* How many of them are loaded. */
static size_t loaded;

/* Read the plan of the module @name, and those of what it needs. */
const char *needs_read(struct plan *plan, const char *dir, const char *name)
{
	const char *reason = plan_read(plan, dir, name);
	size_t i, j;

	if (!reason && plan->needs.count > NEEDS)
		reason = because("it needs more than %d modules", NEEDS);
	for (i = 0; !reason && i < plan->needs.count; i++) {
		reason = plan_read(&needs[i], dir, plan->needs.list[i]);
		for (j = 0; !reason && j < needs[i].modprobe.count; j++)
			names_add(&plan->modprobe, needs[i].modprobe.list[j]);
	}
	return reason;
}

/* Load the modules of the kernel, with one modprobe for all. */
static const char *load_kernels_own(const struct plan *plan)
{
	struct names argv = { };
	const char *reason;
	size_t i;

	if (!plan->modprobe.count)
		return NULL;
	names_add(&argv, "modprobe");
	names_add(&argv, "-a");
	for (i = 0; i < plan->modprobe.count; i++)
		names_add(&argv, plan->modprobe.list[i]);
	reason = command_run(argv.list, slow(LIMIT), command_note);
	return reason ? because("modprobe, for what it needs: %s", reason) : NULL;
}

/* Load what the module needs; return a reason, or NULL. */
const char *needs_load(const struct plan *plan)
{
	const char *reason = load_kernels_own(plan);

	for (; !reason && loaded < plan->needs.count; loaded++) {
		const struct plan *module = &needs[loaded];

		reason = trial_load(module);
		if (!trial_hangs() && progress->error == EEXIST)
			reason = NULL;
		if (reason)
			return because("%s, which it needs, does not load: %s",
				       module->name, reason);
	}
	return reason;
}

/* Unload what the module needs, so that the next module begins without it. */
void needs_unload(void)
{
	while (loaded && !trial_hangs()) {
		const char *name = needs[--loaded].name;
		const char *reason = trial_unload(name);

		if (reason)
			ktap_note("%s, which it needs, is not unloaded: %s", name, reason);
	}
}
