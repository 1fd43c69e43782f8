/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bit string - a number as its binary digits, the highest first
 *
 * The kernel's printf has hexadecimal bitmaps (%*pb) and lists of bits (%*pbl),
 * but no binary digits.
 *
 * Nothing here allocates, locks or sleeps; calls that write to different texts
 * may run at the same time.
 */
#ifndef _MODPROOF_BITSTRING_H
#define _MODPROOF_BITSTRING_H

/* Bytes needed for @nr_bits digits and the terminator. */
#define BITSTRING_SIZE(nr_bits)	((nr_bits) + 1)

void bitstring_format(char *text, unsigned long word, unsigned int nr_bits);

#endif /* _MODPROOF_BITSTRING_H */
