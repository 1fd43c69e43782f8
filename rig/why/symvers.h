/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Symvers - text files that say which symbols a kernel and its modules export
 */

#ifndef _WHY_SYMVERS_H
#define _WHY_SYMVERS_H

#include "facts.h"

void symvers_parse(struct buffer file, struct draft *draft);
void symbols_parse(struct buffer file, struct draft *draft);

#endif
