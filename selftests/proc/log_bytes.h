/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Log bytes - how a module must log the bytes that a user has written
 *
 * A logged line is ASCII, and a reader can tell the bytes from it.  A printable
 * byte that is not a backslash is logged as it is.  Any other byte is logged as
 * an escape in the form that /dev/kmsg uses, such as "\x0a".
 */
#ifndef _SELFTESTS_PROC_LOG_BYTES_H
#define _SELFTESTS_PROC_LOG_BYTES_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/kmsg.h"

/*
 * The number of bytes in one write: so few that a line has room for an escape
 * of each.
 */
#define LOG_BYTES_STEP	32

/* Writes to @line how the module must log the @nr bytes. */
static inline void log_bytes_show(char *line, const unsigned char *bytes,
				  size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		line += sprintf(line,
				bytes[i] < ' ' || bytes[i] > '~' ||
				bytes[i] == '\\' ? "\\x%02x" : "%c",
				bytes[i]);
}

/*
 * Writes bytes of every value to the file @fd.  For each write, the module must
 * log @words and the bytes.  Returns what is wrong, or "".
 */
static inline const char *log_bytes_wrong(struct kmsg *log, int fd,
					  const char *words)
{
	unsigned char bytes[LOG_BYTES_STEP];
	static char wrong[512];
	char line[256];
	int byte = 0;
	int i;

	while (byte < 256) {
		for (i = 0; i < LOG_BYTES_STEP; i++)
			bytes[i] = byte++;
		log_bytes_show(line + sprintf(line, "%s", words), bytes,
			       sizeof(bytes));
		if (pwrite(fd, bytes, sizeof(bytes), 0) != sizeof(bytes))
			return "it cannot be written";
		if (strcmp(line, kmsg_next(log))) {
			snprintf(wrong, sizeof(wrong), "\"%.200s\", not \"%.200s\"",
				 log->text, line);
			return wrong;
		}
	}
	return "";
}

#endif /* _SELFTESTS_PROC_LOG_BYTES_H */
