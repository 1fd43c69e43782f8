/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bit string - a number as its binary digits, the highest digit first
 *
 * The kernel's printf can print a bitmap in hexadecimal (%*pb) or as a list of
 * bits (%*pbl), but not as binary digits.
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
