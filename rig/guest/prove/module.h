/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Module - load and unload a module, and say what the kernel knows about it
 *
 * Those that load and unload run in a child, and return 0 or an errno.
 */
#ifndef PROVE_MODULE_H
#define PROVE_MODULE_H

#include <stdbool.h>

#include "plan.h"

int module_load(const struct plan *plan, size_t number);
int module_unload(const char *name, size_t number);
bool module_is_loaded(const char *name);
bool module_is_permanent(const char *name);
bool module_is_busy(int error);
void module_list(struct names *names);
const char *module_taint(const char *name);
const char *module_unload_reason(const char *name, int error);

#endif
