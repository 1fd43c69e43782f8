// SPDX-License-Identifier: GPL-2.0
/*
 * Log - mark the beginning of each step in the kernel's log, and quote the log
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ktap.h"
#include "log.h"

/* The number of lines to quote. */
#define NOTES	10

static int kmsg = -1;

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
