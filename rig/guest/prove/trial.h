/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trial - load and unload modules whose init or exit may hang
 *
 * A call that fails returns the reason.  After one that hangs, nothing else can be
 * proved in this guest.
 */
#ifndef PROVE_TRIAL_H
#define PROVE_TRIAL_H

#include <stdbool.h>

#include "plan.h"

const char *trial_load(const struct plan *module);
const char *trial_unload(const char *name);
const char *trial_reload(const struct plan *module, int *loads);
bool trial_is_in_exit(void);
bool trial_hangs(void);
void trial_set_hangs(void);

#endif
