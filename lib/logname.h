/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Log name - escape and cut a file name or a text, so that it fits a log line
 *
 * The name of a file may have up to 4095 bytes of any value except NUL.  A text
 * that a user writes to a file may have bytes of any value.  A byte that is not
 * printable ASCII, and the backslash, is escaped as /dev/kmsg escapes it:
 * "\x0a".  All other bytes are copied.  So different names look different in
 * the log, no name looks like two lines, and no name moves the cursor of a
 * terminal.
 *
 * The printf format %*pE is not used, because it escapes neither the backslash
 * nor the bytes from 0xa0 on.  So a name could look like an escape, and the
 * output might not be valid UTF-8.
 *
 * A name that does not fit is cut before a byte or an escape, never within an
 * escape, and "..." is appended.  string_escape_mem() can escape the same
 * bytes, but it may cut within an escape, and does not mark the cut.
 *
 * Nothing here allocates, locks or sleeps; calls that write to different texts
 * may run at the same time.
 */
#ifndef _MODPROOF_LOGNAME_H
#define _MODPROOF_LOGNAME_H

#include <linux/types.h>

/*
 * A record of the log holds 1024 bytes, or 32 or 48 bytes fewer before Linux
 * 6.3.  LOGNAME_SIZE leaves room in it for some words before the name.
 */
#define LOGNAME_SIZE	896

size_t logname_format(char *text, size_t size, const char *name,
		      size_t name_len);

#endif /* _MODPROOF_LOGNAME_H */
