// SPDX-License-Identifier: GPL-2.0
/*
 * Log - mark the beginning of each step in the kernel's log, and quote the log
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ktap.h"
#include "log.h"

/* The number of lines to quote. */
#define NOTES	10

static int kmsg = -1;
/* The log as log_has_bug() reads it. */
static int watched = -1;
static bool has_bug;

/* Write where a step begins, and quote from there on. */
void log_begin(const char *module, const char *step)
{
	char line[256];

	if (kmsg < 0)
		kmsg = open("/dev/kmsg", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	snprintf(line, sizeof(line), "<4>modproof: %s %s begins\n", module, step);
	if (write(kmsg, line, strlen(line)) < 0)
		perror("/dev/kmsg");
	lseek(kmsg, 0, SEEK_END);
}

/* Print what the kernel has logged since the step began. */
void log_show(void)
{
	char record[8192];
	int notes = 0;
	ssize_t size;

	/* EPIPE means that records were overwritten before they were read. */
	while (notes < NOTES &&
	       ((size = read(kmsg, record, sizeof(record) - 1)) > 0 || errno == EPIPE)) {
		char *text;

		if (size <= 0)
			continue;
		record[size] = '\0';
		text = strchr(record, ';');
		if (!text)
			continue;
		text[strcspn(text, "\n")] = '\0';
		ktap_note("kernel: %s", text + 1);
		notes++;
	}
}

/* Begin to look for reports of bugs, from here on.  A child does so on its own. */
void log_watch(void)
{
	if (watched >= 0)
		close(watched);
	watched = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	lseek(watched, 0, SEEK_END);
	has_bug = false;
}

/* Return true if a line begins a report, as rig/results.py will find out. */
static bool begins_report(const char *record)
{
	static const char * const signs[] = {
		"BUG: ", "BUG ", "WARNING: ", "INFO: ", "Oops", "UBSAN: ", "detected",
		"kernel BUG at", "protection fault",
	};
	size_t i;

	for (i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (strstr(record, signs[i]))
			return true;
	return false;
}

/* Return true if the kernel has reported a bug since log_watch(). */
bool log_has_bug(void)
{
	char record[8192];
	ssize_t size;

	while (!has_bug && ((size = read(watched, record, sizeof(record) - 1)) > 0 ||
			    errno == EPIPE)) {
		record[size > 0 ? size : 0] = '\0';
		has_bug = begins_report(record);
	}
	return has_bug;
}

/* Wait until the kernel logs a line, for at most @ms milliseconds. */
void log_await(int ms)
{
	struct pollfd log = { .fd = watched, .events = POLLIN };

	poll(&log, 1, ms);
}
