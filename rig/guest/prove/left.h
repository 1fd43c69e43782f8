/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Left - what a module has left behind or removed
 */
#ifndef PROVE_LEFT_H
#define PROVE_LEFT_H

void left_remember(void);
const char *left_find(void);

#endif
