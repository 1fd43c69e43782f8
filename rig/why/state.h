/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State - what a kernel has loaded, and how it was started
 */

#ifndef _WHY_STATE_H
#define _WHY_STATE_H

#include "attempt.h"

void state_read_enrolled(struct state *state, struct arena *arena, const char *efi);
void state_read_running(struct state *state, struct arena *arena);
void state_parse_loaded(struct state *state, struct arena *arena, const char *text);
void state_read_loaded(struct state *state, struct arena *arena, const char *path);

#endif
