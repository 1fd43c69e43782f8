/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Soak - load and unload a module while tasks use its files
 */
#ifndef PROVE_SOAK_H
#define PROVE_SOAK_H

#include "plan.h"
#include "tree.h"

const char *soak_run(const struct plan *plan, const struct entries *nodes, size_t own,
		     int *loads);

#endif
