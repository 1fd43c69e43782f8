/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Disk span - which bytes of a disk its sectors are
 *
 * A disk is so many bytes; its sectors have 512 each, whatever it is made of.
 * Numbers come from outside and may be anything: all of them have 64 bits, and
 * nothing here wraps.
 *
 * Nothing here allocates, locks or sleeps, and there is no state, so all may be
 * called at the same time.  A function that returns an error has changed
 * nothing.
 */
#ifndef _MODPROOF_DISKSPAN_H
#define _MODPROOF_DISKSPAN_H

#include <linux/types.h>

int diskspan_size(u64 mib, u64 max, u64 *bytes);
int diskspan_find(u64 bytes, u64 sector, u64 len, u64 *offset);

#endif /* _MODPROOF_DISKSPAN_H */
