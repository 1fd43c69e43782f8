/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Log name - a user's name or text, escaped and cut to fit one line of the log
 *
 * The name of a file may have up to 4095 bytes of any value but NUL; what a user
 * writes to a file may have bytes of any value.  A byte that is not printable
 * ASCII, and the backslash, is escaped as /dev/kmsg escapes it, "\x0a"; other
 * bytes are copied.  So different names look different, and no name looks like
 * two lines or moves the cursor of a terminal.  (%*pE does not escape the
 * backslash nor any byte from 0xa0 on, so a name may look like an escape, and
 * the output may not be valid UTF-8.)
 *
 * A name that does not fit is cut after a whole byte or escape, and "..." is
 * appended.  string_escape_mem() can escape the same bytes, but it may cut within
 * an escape, and leaves no mark there.
 *
 * Nothing here allocates, locks or sleeps; calls that write to different texts
 * may run at the same time.
 */
#ifndef _MODPROOF_LOGNAME_H
#define _MODPROOF_LOGNAME_H

#include <linux/types.h>

/*
 * A record of the log holds 1024 bytes; before 6.3 it held 32 or 48 fewer.  This
 * leaves room for some words before the name.
 */
#define LOGNAME_SIZE	896

size_t logname_format(char *text, size_t size, const char *name,
		      size_t name_len);

#endif /* _MODPROOF_LOGNAME_H */
