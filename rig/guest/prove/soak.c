// SPDX-License-Identifier: GPL-2.0
/*
 * Soak - load and unload a module while tasks open, read and poll its files
 *
 * An unload may fail only because a file is open.  After some tries, the tasks close
 * all files, and then it must succeed.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../calls/prng.h"
#include "crew.h"
#include "ktap.h"
#include "log.h"
#include "module.h"
#include "ring.h"
#include "soak.h"
#include "task.h"
#include "trial.h"

/* The seconds that init or exit may take. */
#define LIMIT		30
/* How often a module is unloaded in vain before all files are closed. */
#define TRIES		20
/* The microseconds that a module stays loaded at most, and between two notes. */
#define PAUSE		5000
#define NOTES		10000

/* Unload a module while no task has a file open. */
static int unload_closed(const char *name, size_t number)
{
	int error = crew_await_closed();

	if (error)
		return error;
	error = module_unload(name, number);
	crew_go_on();
	return error;
}

/* Unload a module; return 0 or an errno. */
static int unload(const char *name, size_t number)
{
	int i;

	task_begins("exit", number);
	ring_add(CREW_LOADER, number, "unloads the module");
	for (i = 0; i < TRIES; i++) {
		if (!syscall(SYS_delete_module, name, O_NONBLOCK))
			return 0;
		if (!module_is_busy(errno) || module_is_permanent(name))
			return errno;
		sched_yield();
	}
	return unload_closed(name, number);
}

/* Let the tasks use the module for a little while. */
static void pause_a_little(const struct plan *plan, size_t number)
{
	struct prng prng = prng_of_step(plan->seed, plan->name, CREW_LOADER, number);

	task_begins("usleep", number);
	usleep(prng_below(&prng, PAUSE));
}

/* Unload and load the module once; return 0 or an errno. */
static int reload(const struct plan *plan, size_t number)
{
	int error;

	pause_a_little(plan, number);
	error = unload(plan->name, number);
	if (error)
		return error;
	ring_add(CREW_LOADER, number, "loads the module");
	return module_load(plan, number);
}

/* The loader's work: @data is the plan. */
static void do_soak(const void *data)
{
	const struct plan *plan = data;
	const long end = plan->seconds ? now_ms() + plan->seconds * 1000L : LONG_MAX;
	long note = now_ms() + NOTES;
	int i;

	log_watch();
	prctl(PR_SET_NAME, "loader");
	for (i = 1; i <= plan->loads && now_ms() < end; i++) {
		progress->error = reload(plan, i);
		if (progress->error || crew_is_over() || log_has_bug())
			break;
		if (now_ms() >= note) {
			ktap_note("%d loads, %lu calls so far", i, crew_steps());
			note += NOTES;
		}
	}
}

/* Return the reason why the loader has ended early, or NULL. */
static const char *reason_of(const struct plan *plan, const char *reason)
{
	const char *what = trial_is_in_exit() ? "unload" : "load";

	if (reason) {
		trial_set_hangs();
		if (task_hangs())
			task_show();
	} else if (!progress->error) {
		return NULL;
	} else if (trial_is_in_exit()) {
		reason = module_unload_reason(plan->name, progress->error);
	} else {
		reason = error_text(progress->error);
	}
	return because("%s number %zu: %s", what, progress->number, reason);
}

/*
 * Unload and load a module as often, or for as long, as its plan says, while tasks
 * use the nodes.  Add the number of loads to @loads; return a reason if something
 * went wrong.
 */
const char *soak_run(const struct plan *plan, const struct entries *nodes, size_t own,
		     int *loads)
{
	const long begin = now_ms();
	const char *reason, *last;

	log_watch();
	progress->number = 0;
	reason = crew_start(plan, nodes, own, true);
	if (!reason)
		reason = reason_of(plan, task_run(do_soak, plan, slow(LIMIT)));
	*loads += progress->number;
	last = crew_stop();
	ktap_note("%zu loads, %lu calls in %ld ms", progress->number, crew_steps(),
		  now_ms() - begin);
	if (crew_hangs())
		trial_set_hangs();
	return last ?: reason;
}
