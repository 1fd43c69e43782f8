// SPDX-License-Identifier: GPL-2.0
/*
 * Command - run a program, and read its output line by line
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "ktap.h"
#include "task.h"

/* The child, the pipe with its output, and the line that is not yet complete. */
struct command {
	pid_t pid;
	int pidfd;
	int out;
	void (*tell)(const char *line);
	size_t length;
	char line[1024];
};

/* Print a line of output as a diagnostic. */
void command_note(const char *line)
{
	ktap_note("%s", line);
}

static void tell_line(struct command *command)
{
	command->line[command->length] = '\0';
	command->length = 0;
	command->tell(command->line);
}

/* Read what the pipe has; return false at its end. */
static bool read_some(struct command *command)
{
	char buffer[4096];
	const ssize_t size = read(command->out, buffer, sizeof(buffer));
	ssize_t i;

	for (i = 0; i < size; i++) {
		if (buffer[i] != '\n')
			command->line[command->length++] = buffer[i];
		if (buffer[i] == '\n' || command->length + 1 == sizeof(command->line))
			tell_line(command);
	}
	return size > 0;
}

/* Start the program as the first of a process group. */
static int start(struct command *command, char * const argv[])
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int error, ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return errno;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
	error = posix_spawnp(&command->pid, argv[0], &actions, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	close(ends[1]);
	command->out = ends[0];
	if (!error)
		command->pidfd = syscall(SYS_pidfd_open, command->pid, 0);
	else
		close(ends[0]);
	return error;
}

/*
 * Read the output until the program ends, since others that it has started may
 * keep the pipe open.  Return false at the timeout.
 */
static bool read_all(struct command *command, int seconds)
{
	struct pollfd fds[] = {
		{ .fd = command->pidfd, .events = POLLIN },
		{ .fd = command->out, .events = POLLIN },
	};
	const long end = now_ms() + seconds * 1000L;
	long left;

	while ((left = end - now_ms()) > 0 && poll(fds, 2, left) > 0) {
		const bool has_ended = fds[0].revents;

		while (read_some(command))
			;
		if (has_ended)
			return true;
		if (fds[1].revents & POLLHUP)
			fds[1].fd = -1;
	}
	return false;
}

/*
 * Run a program for at most @seconds, and call @tell for each line of its output.
 * Return a reason unless its exit status is 0.
 */
const char *command_run(char * const argv[], int seconds, void (*tell)(const char *line))
{
	struct command command = { .tell = tell };
	const int error = start(&command, argv);
	int status = 0;
	bool has_ended;

	if (error)
		return because("%s: %s", argv[0], error_text(error));
	has_ended = read_all(&command, seconds);
	if (!has_ended)
		kill(-command.pid, SIGKILL);
	if (command.length)
		tell_line(&command);
	close(command.out);
	close(command.pidfd);
	if (!has_ended) {
		waitpid(command.pid, &status, WNOHANG);
		return because("it has not ended after %d s", seconds);
	}
	waitpid(command.pid, &status, 0);
	if (WIFSIGNALED(status))
		return because("killed by SIG%s", sigabbrev_np(WTERMSIG(status)));
	return status ? because("exit status %d", WEXITSTATUS(status)) : NULL;
}
