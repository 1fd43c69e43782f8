/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Needs - the other modules that a module needs
 */
#ifndef PROVE_NEEDS_H
#define PROVE_NEEDS_H

#include "plan.h"

const char *needs_read(struct plan *plan, const char *dir, const char *name);
const char *needs_load(const struct plan *plan);
void needs_unload(void);

#endif
