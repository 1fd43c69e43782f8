/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Log bytes - how the log shows bytes of every value that a user has written
 *
 * A line is ASCII and can be read back: a byte that prints and is not a
 * backslash is shown as it is, and any other byte by an escape of /dev/kmsg, as
 * "\x0a".
 */
#ifndef _SELFTESTS_PROC_LOG_BYTES_H
#define _SELFTESTS_PROC_LOG_BYTES_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/kmsg.h"

/* Few enough that a line has room for the escapes of all of them. */
#define LOG_BYTES_STEP	32

/* Writes to @line what the log must show of @nr bytes. */
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
 * Writes every byte to a file that logs what is written to it, after @words.
 * Returns what is wrong, or "".
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
