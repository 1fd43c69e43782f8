// SPDX-License-Identifier: GPL-2.0
/*
 * KTAP - print a module's results, with diagnostics before each of them
 *
 * Each line is written at once, because the kernel may stop after it.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ktap.h"

#define LINE	1024

static const char *module;
static int number;
static char first_reason[LINE];

/*
 * Print a text that may contain anything, in one line.  Bytes from 128 on may be
 * UTF-8.  A reason has no "#", which could begin a directive.
 */
static void put(const char *text, bool is_reason)
{
	for (; *text; text++) {
		const unsigned char c = *text;

		if (c == '\n')
			fputs("\\n", stdout);
		else if ((c < ' ' && c != '\t') || c == 127 || (is_reason && c == '#'))
			printf("\\x%02x", c);
		else
			putchar(c);
	}
}

/* Print the end of a result's line. */
static void put_reason(const char *directive, const char *reason)
{
	if (reason) {
		printf(" # %s", directive);
		put(reason, true);
	}
	putchar('\n');
	fflush(stdout);
}

/* Begin the document of the module @name, which has @results. */
void ktap_begin(const char *name, int results)
{
	module = name;
	printf("    KTAP version 1\n    # Subtest: %s\n    1..%d\n", name, results);
	fflush(stdout);
}

/* Print a diagnostic, which belongs to the next result. */
void ktap_note(const char *format, ...)
{
	char text[4 * LINE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fputs("    # ", stdout);
	put(text, false);
	putchar('\n');
	fflush(stdout);
}

/* Print a result, which is a failure if it has a reason. */
void ktap_result(const char *name, const char *reason)
{
	if (reason && !*first_reason)
		snprintf(first_reason, sizeof(first_reason), "%s", reason);
	printf("    %s %d %s", reason ? "not ok" : "ok", ++number, name);
	put_reason("", reason);
}

/* Print the result of a step that cannot be done. */
void ktap_skip(const char *name, const char *reason)
{
	printf("    ok %d %s", ++number, name);
	put_reason("SKIP ", reason);
}

/* End the document with the module's own result; return true if it passed. */
bool ktap_end(void)
{
	const bool is_ok = !*first_reason;

	printf("%s 1 %s", is_ok ? "ok" : "not ok", module);
	put_reason("", is_ok ? NULL : first_reason);
	return is_ok;
}

/*
 * Wait until the host has received everything.  If stdout is not a serial port,
 * another process passes the lines on, and there is no event to wait for.
 */
void ktap_drain(void)
{
	fflush(stdout);
	if (tcdrain(STDOUT_FILENO))
		sleep(1);
}

/* Format a reason. */
const char *because(const char *format, ...)
{
	static char reason[LINE];
	char text[LINE];
	va_list args;

	/* An argument may be the previous reason. */
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return memcpy(reason, text, sizeof(reason));
}

/* The errnos of include/linux/errno.h in the kernel, which programs do not know. */
static const char *kernels_own(int error)
{
	static const char * const names[] = {
		"ERESTARTSYS", "ERESTARTNOINTR", "ERESTARTNOHAND", "ENOIOCTLCMD",
		"ERESTART_RESTARTBLOCK", "EPROBE_DEFER", "EOPENSTALE", "ENOPARAM",
	};
	const size_t i = error - 512;

	if (error == 524)
		return "ENOTSUPP";
	return i < sizeof(names) / sizeof(*names) ? names[i] : NULL;
}

/* Return the name of an errno, as "ENOENT". */
const char *error_name(int error)
{
	static char unknown[32];
	const char *name = strerrorname_np(error) ?: kernels_own(error);

	if (name)
		return name;
	snprintf(unknown, sizeof(unknown), "error %d", error);
	return unknown;
}

/* Return the name of an errno and its text, as "ENOENT: No such file...". */
const char *error_text(int error)
{
	const char *name = error_name(error);

	if (!strcmp(name, "EPROBE_DEFER"))
		return because("%s: a device that it needs is not there", name);
	if (kernels_own(error))
		return because("%s: an error that only the kernel knows", name);
	return because("%s: %s", name, strerror(error));
}
