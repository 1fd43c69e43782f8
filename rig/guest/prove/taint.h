/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Taint - why the kernel does not trust itself any more
 */
#ifndef PROVE_TAINT_H
#define PROVE_TAINT_H

unsigned long taint_read(void);
const char *taint_letters(unsigned long taint);
const char *taint_reason(unsigned long taint);

#endif
