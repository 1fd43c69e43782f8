/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Devices - make nodes for the character devices of a module that makes none
 */
#ifndef PROVE_DEVICES_H
#define PROVE_DEVICES_H

#include "tree.h"

void devices_remember(const char *list);
void devices_make(const char *list, struct entries *added);
void devices_remove(void);

#endif
