/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fuzz - the functions that libFuzzer calls
 */

#ifndef _WHY_FUZZ_H
#define _WHY_FUZZ_H

#include <linux/types.h>
#include <stddef.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const __u8 *data, size_t size);

#endif
