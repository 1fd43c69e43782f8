/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Survey - read all files of a kernel
 */

#ifndef _WHY_SURVEY_H
#define _WHY_SURVEY_H

#include "facts.h"
#include "source.h"

void survey_read(struct draft *draft, const struct sources *sources);

#endif
