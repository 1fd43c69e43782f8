/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Zero padding - a text as a block of a certain size, with zeros behind it
 *
 * The text must fit as a whole: a key that was cut would be another key.
 *
 * Nothing here allocates, locks or sleeps; calls that write to different blocks
 * may run at the same time.
 */
#ifndef _MODPROOF_ZEROPAD_H
#define _MODPROOF_ZEROPAD_H

#include <linux/types.h>

int zeropad_copy(void *block, size_t size, const char *text);

#endif /* _MODPROOF_ZEROPAD_H */
