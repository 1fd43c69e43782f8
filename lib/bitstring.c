// SPDX-License-Identifier: GPL-2.0
/*
 * Bit string - a number as its binary digits, the highest digit first
 */

#include "bitstring.h"

/**
 * bitstring_format() - Write the lowest bits of a number as binary digits.
 * @text: room for BITSTRING_SIZE(@nr_bits) bytes
 * @word: the number
 * @nr_bits: number of bits to write, 0..BITS_PER_LONG
 */
void bitstring_format(char *text, unsigned long word, unsigned int nr_bits)
{
	text[nr_bits] = '\0';
	while (nr_bits--) {
		text[nr_bits] = '0' + (word & 1);
		word >>= 1;
	}
}
