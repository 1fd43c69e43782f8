/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Config - the configuration of a kernel, and what follows from it
 */

#ifndef _WHY_CONFIG_H
#define _WHY_CONFIG_H

#include "facts.h"

void config_parse(struct buffer file, struct draft *draft);
void config_add(struct draft *draft, const char *symbol, bool is_set);
void config_infer(struct draft *draft);
void config_vermagic(struct draft *draft, const char *seed);

#endif
