/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Nodes - open and read each file that a module has made
 */
#ifndef PROVE_NODES_H
#define PROVE_NODES_H

#include <stdbool.h>

#include "tree.h"

size_t nodes_choose(const struct entries *added, struct entries *nodes, bool only_looks);
const char *nodes_use(const struct entries *added);

#endif
