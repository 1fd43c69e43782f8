/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Probe - look whether a kernel can be read, without ending the program
 */

#ifndef _WHY_PROBE_H
#define _WHY_PROBE_H

#include "arena.h"

const char *probe_kernel(struct arena *arena, const char *name);

#endif
