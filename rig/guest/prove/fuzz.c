// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz - make random system calls on the files of a module that is loaded
 *
 * This ends at the first report of the kernel, because the calls that led to it are
 * then the last ones in the ring.
 */
#include <stdbool.h>

#include "crew.h"
#include "fuzz.h"
#include "ktap.h"
#include "log.h"
#include "task.h"
#include "trial.h"

/* The milliseconds between two looks at the tasks, and between two notes. */
#define TICK	1000
#define NOTES	10000

/* Look after the tasks until @end; return a reason if one went wrong. */
static const char *watch(long end)
{
	long note = now_ms() + NOTES;
	const char *reason = NULL;
	long left;

	while (!reason && !log_has_bug() && (left = end - now_ms()) > 0) {
		log_await(left < TICK ? left : TICK);
		reason = crew_look();
		if (now_ms() >= note) {
			ktap_note("%lu calls so far", crew_steps());
			note += NOTES;
		}
	}
	return reason;
}

/*
 * Make calls on the nodes, of which the first @own are the module's own, for the
 * seconds of the plan.  Return a reason if a call went wrong.
 */
const char *fuzz_run(const struct plan *plan, const struct entries *nodes, size_t own)
{
	const long begin = now_ms();
	const char *reason, *last;

	log_watch();
	reason = crew_start(plan, nodes, own, false);
	if (!reason)
		reason = watch(begin + plan->seconds * 1000L);
	last = crew_stop();
	ktap_note("%lu calls on %zu files in %ld ms", crew_steps(), nodes->count,
		  now_ms() - begin);
	if (crew_hangs())
		trial_set_hangs();
	return reason ?: last;
}
