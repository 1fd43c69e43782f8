// SPDX-License-Identifier: GPL-2.0
/*
 * Task - run a child, and notice if it hangs
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ktap.h"
#include "task.h"

/* The host's load slows the guest down by a factor; see rig/guest/main. */
#define PULSE	"/run/pulse/now"
/* The seconds in which a killed child must end. */
#define GRACE	2

struct progress *progress;
static pid_t child;
static int pidfd;
static bool hangs;

long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Return a timeout, scaled to this kernel and the host. */
int slow(int seconds)
{
	const char *kernel = getenv("SLOW");
	FILE *file = fopen(PULSE, "re");
	int host = 1;

	if (file) {
		if (fscanf(file, "%d", &host) != 1 || host < 1)
			host = 1;
		fclose(file);
	}
	return seconds * (kernel && atoi(kernel) > 0 ? atoi(kernel) : 1) * host;
}

void sleep_ms(long ms)
{
	const struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&time, NULL);
}

/* Create the memory that the children share. */
void task_init(void)
{
	progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (progress == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
}

/* Called in a child before each call that may hang. */
void task_begins(const char *call, size_t number)
{
	progress->call = call;
	progress->number = number;
	progress->since = now_ms();
}

/* Wait until the child ends; return false if a call takes @seconds. */
static bool await(int seconds)
{
	struct pollfd ends = { .fd = pidfd, .events = POLLIN };
	long left;

	while ((left = progress->since + seconds * 1000L - now_ms()) > 0)
		if (poll(&ends, 1, left) > 0)
			return true;
	return false;
}

/* Release the child that has ended; return a reason if a signal killed it. */
static const char *reap(void)
{
	int status;

	close(pidfd);
	waitpid(child, &status, 0);
	if (WIFSIGNALED(status))
		return because("%s: killed by SIG%s", progress->call,
			       sigabbrev_np(WTERMSIG(status)));
	return NULL;
}

/*
 * Let a child do @work, of which no call may take @seconds.  Return a reason if
 * one does, and then the child still exists, or if a signal kills the child.
 */
const char *task_run(void (*work)(const void *data), const void *data, int seconds)
{
	hangs = false;
	progress->error = 0;
	progress->excess = 0;
	task_begins("fork", progress->number);
	child = fork();
	if (child < 0)
		return because("fork: %s", error_text(errno));
	if (!child) {
		work(data);
		_exit(0);
	}
	pidfd = syscall(SYS_pidfd_open, child, 0);
	if (await(seconds))
		return reap();
	hangs = true;
	return because("%s has not returned after %d s", progress->call, seconds);
}

/* Return true if the last child hangs. */
bool task_hangs(void)
{
	return hangs;
}

/* Print the lines of a file below /proc of a process that begin with @prefix. */
static void show(pid_t pid, const char *name, const char *prefix)
{
	char line[256];
	FILE *file;

	snprintf(line, sizeof(line), "/proc/%d/%s", pid, name);
	file = fopen(line, "re");
	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, prefix, strlen(prefix)))
			ktap_note("%s", line);
	}
	fclose(file);
}

/* Print where a process hangs. */
void task_show_of(pid_t pid)
{
	show(pid, "status", "State:");
	show(pid, "stack", "");
}

/* Print where the child hangs. */
void task_show(void)
{
	task_show_of(child);
}

/* Kill the child that hangs; leave it if it cannot be killed. */
void task_kill(void)
{
	kill(child, SIGKILL);
	progress->since = now_ms();
	if (await(slow(GRACE)))
		waitpid(child, NULL, 0);
	close(pidfd);
}
