/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Zero padding - copy a text to a block of fixed size and pad it with zeros
 *
 * The text must fit as a whole: a key that was cut would be a different key.
 * memcpy_and_pad() and strtomem_pad() cut a text that is too long.
 *
 * Nothing here allocates, locks or sleeps; calls that write to different blocks
 * may run at the same time.
 */
#ifndef _MODPROOF_ZEROPAD_H
#define _MODPROOF_ZEROPAD_H

#include <linux/types.h>

int zeropad_copy(void *block, size_t size, const char *text);

#endif /* _MODPROOF_ZEROPAD_H */
