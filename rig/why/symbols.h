/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Symbols - what the checks of imports and of exports share
 */

#ifndef _WHY_SYMBOLS_H
#define _WHY_SYMBOLS_H

#include "attempt.h"

enum fact symbols_use_versions(const struct attempt *attempt);

#endif
