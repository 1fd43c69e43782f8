// SPDX-License-Identifier: GPL-2.0
/*
 * Probe - look whether a kernel can be read, without ending the program
 *
 * A kernel that cannot be read ends the program, because the user has named it.
 * With --all the user has not, so a child process reads each kernel first.  What
 * it reads from the kernel's image is in the cache after that.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel.h"
#include "probe.h"

/* The longest complaint that is kept. */
#define COMPLAINT_SIZE	4096

static __noreturn void read_and_exit(const char *name, int complaints)
{
	struct kernel kernel = {};

	dup2(complaints, STDERR_FILENO);
	kernel_open(&kernel, name);
	_exit(0);
}

/* Read a pipe up to its end; return the first line without the program's name. */
static const char *read_complaint(struct arena *arena, int pipe)
{
	char *text = arena_alloc(arena, COMPLAINT_SIZE);
	const char *prefix = "modproof: ";
	size_t length = 0;
	ssize_t got;

	while (length < COMPLAINT_SIZE - 1 &&
	       (got = read(pipe, text + length, COMPLAINT_SIZE - 1 - length)) > 0)
		length += got;
	text[strcspn(text, "\n")] = '\0';
	return strncmp(text, prefix, strlen(prefix)) ? text :
						       text + strlen(prefix);
}

/**
 * probe_kernel() - Look whether a kernel can be read.
 * @arena: what the result is in
 * @name: what kernel_open() takes
 *
 * Return: NULL if it can be read, or the reason why not.
 */
const char *probe_kernel(struct arena *arena, const char *name)
{
	const char *complaint;
	int status = 0;
	int ends[2];
	pid_t child;

	fflush(NULL);
	if (pipe(ends))
		die("a pipe is missing: %s: end other programs", strerror(errno));
	child = fork();
	if (child < 0)
		die("a process is missing: %s: end other programs", strerror(errno));
	if (!child)
		read_and_exit(name, ends[1]);

	close(ends[1]);
	complaint = read_complaint(arena, ends[0]);
	close(ends[0]);
	waitpid(child, &status, 0);
	if (!status)
		return NULL;
	return *complaint ? complaint : "reading it ended the program";
}
