// SPDX-License-Identifier: GPL-2.0
/*
 * Loader - load modules in a guest, and print what the kernel says
 *
 *	loader PLAN
 *
 * PLAN has a line for each step:
 *
 *	case NAME
 *	load FLAGS PARAMETERS FILE
 *	disable
 *
 * "load" calls finit_module(2).  PARAMETERS are in hexadecimal, or "-" if there
 * are none.  "disable" sets kernel.modules_disabled.  The loader prints:
 *
 *	module LINE		a line of /proc/modules at the start
 *	case NAME
 *	result ERRNO		the result of a step "load", 0 if it is loaded
 *	log TEXT		a line of the kernel's log, from the step before
 *	stuck ERRNO NAME	a module that cannot be unloaded
 *	end NAME
 *	done
 *
 * After each case it unloads all modules that were not there at the start.  It
 * calls the kernel itself, because kmod changes the parameters, and reads the
 * file before the kernel does.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* More modules than a guest has, and more than a name's length. */
#define NR_MODULES	512
#define NAME_SIZE	64
/* How often the loader tries to unload a module that is in use. */
#define TRIES		20

static char at_start[NR_MODULES][NAME_SIZE];
static int nr_at_start;
static int kmsg;

/* Print a line and end the program. */
static void fail(const char *what)
{
	printf("error %s: %s\n", what, strerror(errno));
	exit(1);
}

static bool was_at_start(const char *name)
{
	int i;

	for (i = 0; i < nr_at_start; i++)
		if (!strcmp(at_start[i], name))
			return true;
	return false;
}

/* Call a function for the name of each loaded module, the newest first. */
static void each_module(void (*visit)(const char *name, const char *line))
{
	FILE *file = fopen("/proc/modules", "r");
	char name[NAME_SIZE];
	char line[4096];

	if (!file)
		fail("/proc/modules");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%63s", name) == 1)
			visit(name, line);
	fclose(file);
}

static void note_module(const char *name, const char *line)
{
	if (nr_at_start == NR_MODULES)
		fail("too many modules");
	memcpy(at_start[nr_at_start++], name, strlen(name) + 1);
	printf("module %s", line);
}

static void unload_module(const char *name, const char *line)
{
	const struct timespec pause = { .tv_nsec = 50000000 };
	int tries;

	(void)line;
	if (was_at_start(name))
		return;
	for (tries = 0; tries < TRIES; tries++) {
		if (!syscall(SYS_delete_module, name, O_NONBLOCK))
			return;
		if (errno == ENOENT)
			return;
		if (tries == TRIES / 2 &&
		    !syscall(SYS_delete_module, name, O_NONBLOCK | O_TRUNC))
			return;
		nanosleep(&pause, NULL);
	}
	printf("stuck %d %s\n", errno, name);
}

/* Write a line to the kernel's log.  The kernel holds back one without "\n". */
static void mark(const char *text)
{
	char line[64];
	int length = snprintf(line, sizeof(line), "%s\n", text);

	if (write(kmsg, line, length) < 0)
		fail("/dev/kmsg");
}

/*
 * Print the kernel's own lines in the log up to the line @until, which this
 * program has written.  A record is "PRIORITY,NUMBER,TIME,FLAGS;TEXT\n", with
 * more lines that are no part of the text.
 */
static void print_log(const char *until, bool is_quiet)
{
	char record[8192];

	for (;;) {
		ssize_t length = read(kmsg, record, sizeof(record) - 1);
		char *text;

		if (length < 0 && errno == EPIPE)
			continue;
		if (length < 0)
			fail("read /dev/kmsg");
		record[length] = '\0';
		text = strchr(record, ';');
		if (!text)
			continue;
		*strchrnul(++text, '\n') = '\0';
		if (!strcmp(text, until))
			return;
		/* The facility 0 is the kernel. */
		if (!is_quiet && atoi(record) >> 3 == 0)
			printf("log %s\n", text);
	}
}

/* Decode the parameters in place. */
static void decode(char *hex)
{
	char *to = hex;
	unsigned int byte;

	for (; sscanf(hex, "%2x", &byte) == 1; hex += 2)
		*to++ = (char)byte;
	*to = '\0';
}

static void load(int flags, char *parameters, const char *path)
{
	static int number;
	char begin[32];
	char end[32];
	int result = 0;
	int file;

	decode(parameters);
	snprintf(begin, sizeof(begin), "loader: begin %d", ++number);
	snprintf(end, sizeof(end), "loader: end %d", number);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		fail(path);
	mark(begin);
	print_log(begin, true);
	if (syscall(SYS_finit_module, file, parameters, flags))
		result = errno;
	mark(end);
	printf("result %d\n", result);
	print_log(end, false);
	close(file);
}

static void disable(void)
{
	int file = open("/proc/sys/kernel/modules_disabled", O_WRONLY);

	if (file < 0 || write(file, "1", 1) != 1)
		fail("modules_disabled");
	close(file);
}

/* Unload what a case has loaded, and say that the case has ended. */
static void end_case(const char *name)
{
	if (!*name)
		return;
	each_module(unload_module);
	printf("end %s\n", name);
	fflush(stdout);
}

static void run(FILE *plan)
{
	static char line[65536];
	static char parameters[65536];
	char name[128] = "";
	int flags;
	int path;

	while (fgets(line, sizeof(line), plan)) {
		*strchrnul(line, '\n') = '\0';
		if (!strncmp(line, "case ", 5)) {
			end_case(name);
			snprintf(name, sizeof(name), "%.100s", line + 5);
			printf("case %s\n", name);
			fflush(stdout);
		} else if (!strcmp(line, "disable")) {
			disable();
		} else if (sscanf(line, "load %d %65535s %n", &flags,
				  parameters, &path) == 2) {
			load(flags, parameters, line + path);
		}
	}
	end_case(name);
}

int main(int argc, char **argv)
{
	FILE *plan = argc == 2 ? fopen(argv[1], "r") : NULL;

	if (!plan)
		fail("plan");
	kmsg = open("/dev/kmsg", O_RDWR | O_CLOEXEC);
	if (kmsg < 0 || lseek(kmsg, 0, SEEK_END) < 0)
		fail("/dev/kmsg");
	/* A line of the log has the name of the task. */
	prctl(PR_SET_NAME, "insmod");
	each_module(note_module);
	run(plan);
	printf("done\n");
	return 0;
}
