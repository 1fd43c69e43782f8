/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Log name - a name or a text of a user as one line of the log can hold it
 *
 * The name of a file may have any byte but NUL, and 4095 of them; what a user
 * writes to a file may have any byte.  A byte that is not printable ASCII, and
 * the backslash, is written as /dev/kmsg writes it, "\x0a"; the rest stays as it
 * is.  So different names look different, and none looks like two lines or moves
 * the cursor of a terminal.  (%*pE leaves the backslash and all bytes from 0xa0
 * on, so its output may be taken for an escape, and is not valid UTF-8.)
 *
 * A name that does not fit ends with "...", behind a whole byte or its escape.
 *
 * Nothing here allocates, locks or sleeps; calls that write to different texts
 * may run at the same time.
 */
#ifndef _MODPROOF_LOGNAME_H
#define _MODPROOF_LOGNAME_H

#include <linux/types.h>

/*
 * A record of the log holds 1024 bytes, before 6.3 it held 32 or 48 less.  This
 * leaves room for some words in front.
 */
#define LOGNAME_SIZE	896

size_t logname_format(char *text, size_t size, const char *name,
		      size_t name_len);

#endif /* _MODPROOF_LOGNAME_H */
