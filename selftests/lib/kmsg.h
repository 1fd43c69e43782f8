/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kmsg - a reader of the kernel's log (/dev/kmsg) that skips earlier records
 *
 * The reader also skips records that do not come from the modules under test
 * and may be logged at any time: all records of user space, and those records
 * of the kernel that kmsg_of_the_kernel[] lists.
 */
#ifndef _SELFTESTS_LIB_KMSG_H
#define _SELFTESTS_LIB_KMSG_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sysret.h"
#include "timeout.h"

#define KMSG_LIMIT_MS	3000

/**
 * struct kmsg - a reader of the log
 * @fd: /dev/kmsg
 * @level: level of the record read last, 0 (emergency) .. 7 (debug)
 * @text: text of the record read last, without its newline
 */
struct kmsg {
	int fd;
	int level;
	char text[4096];
};

static const char * const kmsg_of_the_kernel[] = {
	": loading out-of-tree module taints kernel.",
	": module verification failed: signature and/or required key missing",
	" increased min_delta_ns to ",
	"clocksource: ",
	"hrtimer: interrupt took ",
	"perf: interrupt took too long ",
	"random: crng init done",
};

static inline bool kmsg_is_of_the_kernel(const char *text)
{
	size_t nr = sizeof(kmsg_of_the_kernel) / sizeof(*kmsg_of_the_kernel);

	while (nr--) {
		if (strstr(text, kmsg_of_the_kernel[nr]))
			return true;
	}
	return false;
}

/* Undoes the escapes of /dev/kmsg for bytes that do not print, such as \x0a. */
static inline void kmsg_unescape(char *text)
{
	unsigned int byte;
	char *to = text;

	while (*text) {
		if (sscanf(text, "\\x%2x", &byte) == 1) {
			*to++ = byte;
			text += strlen("\\x0a");
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

/*
 * Splits the record "<facility and level>,<seq>,<time>,...;<text>\n<more
 * fields>" into its level and its text.  Returns false if the reader must skip
 * the record.
 */
static inline bool kmsg_parse(struct kmsg *log)
{
	char *text = strchr(log->text, ';');
	int prefix;

	if (!text || sscanf(log->text, "%d,", &prefix) != 1 || prefix > 7)
		return false;

	log->level = prefix;
	text[strcspn(text, "\n")] = '\0';
	memmove(log->text, text + 1, strlen(text));
	kmsg_unescape(log->text);
	return !kmsg_is_of_the_kernel(log->text);
}

/* Opens the log at its end, so that only later records are read. */
static inline int kmsg_open(struct kmsg *log)
{
	log->fd = sysret(open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC));
	if (log->fd < 0)
		return log->fd;

	return sysret(lseek(log->fd, 0, SEEK_END));
}

static inline void kmsg_close(struct kmsg *log)
{
	close(log->fd);
}

/* Skips the records that have been logged so far. */
static inline int kmsg_skip(struct kmsg *log)
{
	return sysret(lseek(log->fd, 0, SEEK_END));
}

/*
 * Logs a record, so that readers see the previous record: if that does not end
 * with a newline, they see it only after the next one has been logged.
 */
static inline void kmsg_end(void)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "end", 3) != 3)
		perror("/dev/kmsg");
	close(fd);
}

/*
 * Returns the text of the next record, "" if there is none yet, or the text of
 * an error.
 */
static inline const char *kmsg_next(struct kmsg *log)
{
	ssize_t len;

	do {
		len = read(log->fd, log->text, sizeof(log->text) - 1);
		if (len < 0)
			return errno == EAGAIN ? "" : strerror(errno);
		log->text[len] = '\0';
	} while (!kmsg_parse(log));

	return log->text;
}

/* Reads the records that are left; returns how many of them have this text. */
static inline int kmsg_count(struct kmsg *log, const char *text)
{
	int nr = 0;

	while (*kmsg_next(log))
		nr += !strcmp(log->text, text);
	return nr;
}

/* Waits for a record that another task causes; returns "" on timeout. */
static inline const char *kmsg_wait(struct kmsg *log)
{
	struct pollfd end = { .fd = log->fd, .events = POLLIN };
	const char *line = kmsg_next(log);

	while (!*line && poll(&end, 1, slow(KMSG_LIMIT_MS)) == 1)
		line = kmsg_next(log);
	return line;
}

/* A macro, so that a failed expectation reports the line of the test. */
#define EXPECT_LOG(log, ...) do {					\
	const char * const lines_[] = { __VA_ARGS__, "" };			\
	size_t line_;							\
									\
	for (line_ = 0; line_ < ARRAY_SIZE(lines_); line_++)		\
		EXPECT_STREQ(lines_[line_], kmsg_next(log));		\
} while (0)

#define EXPECT_NO_LOG(log)	EXPECT_STREQ("", kmsg_next(log))

#endif /* _SELFTESTS_LIB_KMSG_H */
