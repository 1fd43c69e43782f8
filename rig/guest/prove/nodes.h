/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Nodes - open and read each file that a module has made
 */
#ifndef PROVE_NODES_H
#define PROVE_NODES_H

#include "tree.h"

const char *nodes_use(const struct entries *added);

#endif
