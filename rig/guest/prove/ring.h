/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ring - the last calls of the tasks, in memory that survives the guest
 *
 * The host has the memory as a file, and reads it after the guest has crashed;
 * rig/ring.py knows its layout.
 */
#ifndef PROVE_RING_H
#define PROVE_RING_H

void ring_begin(const char *module);
void ring_add(int task, unsigned long step, const char *text);
void ring_end(void);

#endif
