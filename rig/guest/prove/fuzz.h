/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fuzz - random system calls on the files of a module that is loaded
 */
#ifndef PROVE_FUZZ_H
#define PROVE_FUZZ_H

#include "plan.h"
#include "tree.h"

const char *fuzz_run(const struct plan *plan, const struct entries *nodes, size_t own);

#endif
