/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Log bytes - what the log shows of bytes of every value that a user wrote
 *
 * A line is ASCII and can be read back: each byte is itself, if it prints and is
 * not a backslash, and else has the escape of /dev/kmsg, "\x0a".
 */
#ifndef _SELFTESTS_PROC_LOG_BYTES_H
#define _SELFTESTS_PROC_LOG_BYTES_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kmsg.h"

/* So few that a line has room for the escapes of all of them. */
#define LOG_BYTES_STEP	32

/* Writes what the log is to show of some bytes. */
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
 * Writes every byte to a file that logs what is written to it after some words.
 * Tells what is wrong, "" if nothing.
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
