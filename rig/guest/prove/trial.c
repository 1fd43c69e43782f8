// SPDX-License-Identifier: GPL-2.0
/*
 * Trial - load and unload modules in a child, which may hang or be killed
 */
#include <string.h>

#include "ktap.h"
#include "module.h"
#include "task.h"
#include "trial.h"

/* The seconds that init or exit may take. */
#define LIMIT	30
/* The seconds after which a module is not loaded again, which are silent. */
#define ENOUGH	60

/* A child hangs in a module, or was killed there. */
static bool hangs;

/* Return true if a child hangs in a module, or was killed there. */
bool trial_hangs(void)
{
	return hangs;
}

/* Say that a task hangs in a module, or was killed there. */
void trial_set_hangs(void)
{
	hangs = true;
}

/* Print where a child hangs. */
static const char *give_up(const char *reason)
{
	hangs = true;
	if (task_hangs())
		task_show();
	return reason;
}

static void do_load(const void *data)
{
	progress->error = module_load(data, 0);
}

/* Load a module. */
const char *trial_load(const struct plan *module)
{
	const char *reason = task_run(do_load, module, slow(LIMIT));

	if (reason)
		return give_up(reason);
	if (progress->error && !strcmp(progress->call, "open"))
		return because("%s: %s", module->file, error_text(progress->error));
	return progress->error ? error_text(progress->error) : NULL;
}

static void do_unload(const void *name)
{
	progress->error = module_unload(name, 0);
}

/* Unload a module. */
const char *trial_unload(const char *name)
{
	const char *reason = task_run(do_unload, name, slow(LIMIT));

	if (reason)
		return give_up(reason);
	return progress->error ? module_unload_reason(name, progress->error) : NULL;
}

static void do_reload(const void *data)
{
	const struct plan *module = data;
	const long end = now_ms() + slow(ENOUGH) * 1000L;
	int i;

	for (i = 1; i <= module->loads && !progress->error && now_ms() < end; i++)
		progress->error = module_load(module, i) ?: module_unload(module->name, i);
}

/* Return true if the last trial ended in exit. */
bool trial_is_in_exit(void)
{
	return !strcmp(progress->call, "exit");
}

/*
 * Load and unload a module as often as its plan says, unless that takes too long,
 * and add the number of loads to @loads.
 */
const char *trial_reload(const struct plan *module, int *loads)
{
	const long begin = now_ms();
	const char *reason = task_run(do_reload, module, slow(LIMIT));
	const int number = progress->number;

	*loads += number;
	if (number < module->loads && !reason && !progress->error)
		ktap_note("%d of %d loads, in %ld ms", number, module->loads,
			  now_ms() - begin);
	else
		ktap_note("%d loads in %ld ms", number, now_ms() - begin);
	if (reason)
		give_up(reason);
	else if (!progress->error)
		return NULL;
	else if (trial_is_in_exit())
		reason = module_unload_reason(module->name, progress->error);
	else
		reason = error_text(progress->error);
	return because("%s number %d: %s", trial_is_in_exit() ? "unload" : "load",
		       number, reason);
}
