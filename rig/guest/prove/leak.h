/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Leak - the memory that a module has not freed
 */
#ifndef PROVE_LEAK_H
#define PROVE_LEAK_H

#include <stdbool.h>

bool leak_is_known(void);
void leak_clear(void);
const char *leak_find(int loads);

#endif
