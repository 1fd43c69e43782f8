/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bit string model - the binary digits of a number, by division
 *
 * The model computes each digit from the whole number, the leftmost digit
 * first.  lib/bitstring.c shifts the number instead, and writes the rightmost
 * digit first.
 */
#ifndef _MODPROOF_BITSTRING_MODEL_H
#define _MODPROOF_BITSTRING_MODEL_H

#include <linux/bits.h>

static inline void bitstring_model_format(char *text, unsigned long word,
					  unsigned int nr_bits)
{
	while (nr_bits--)
		*text++ = word / BIT(nr_bits) % 2 ? '1' : '0';
	*text = '\0';
}

#endif /* _MODPROOF_BITSTRING_MODEL_H */
