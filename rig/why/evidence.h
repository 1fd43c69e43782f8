/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Evidence - what the texts in an image tell about its configuration
 */

#ifndef _WHY_EVIDENCE_H
#define _WHY_EVIDENCE_H

#include "facts.h"

void evidence_read(struct buffer data, struct draft *draft);

#endif
