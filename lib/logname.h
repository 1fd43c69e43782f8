/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Log name - the name of a file as one line of the log can hold it
 *
 * A name may have any byte but NUL, and 4095 of them.  What is not printable
 * ASCII, and the backslash, is written as /dev/kmsg writes it, "\x0a"; the rest
 * stays as it is.  So different names look different, and none looks like two
 * lines or moves the cursor of a terminal.  (%*pE leaves the backslash, and
 * half of a letter in UTF-8.)
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

size_t logname_format(char *text, size_t size, const char *name);

#endif /* _MODPROOF_LOGNAME_H */
