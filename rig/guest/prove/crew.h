/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Crew - several tasks that make random system calls on the files of a module
 *
 * The calls are those of rig/guest/calls.  The name of a task is its number and
 * that of its step, as "2#312", so that a report of the kernel shows both.
 */
#ifndef PROVE_CREW_H
#define PROVE_CREW_H

#include <stdbool.h>

#include "plan.h"
#include "tree.h"

/* The number of the task that loads and unloads the module. */
#define CREW_LOADER	4

const char *crew_start(const struct plan *plan, const struct entries *nodes, size_t own,
		       bool only_looks);
const char *crew_look(void);
const char *crew_stop(void);
bool crew_is_over(void);
bool crew_hangs(void);
unsigned long crew_steps(void);
int crew_await_closed(void);
void crew_go_on(void);

#endif
