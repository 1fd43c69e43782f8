/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Client - an ordinary program for input devices, and its output
 */
#ifndef _SELFTESTS_INPUT_CLIENT_H
#define _SELFTESTS_INPUT_CLIENT_H

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/task.h"

#define CLIENT_MAX_ARGS	8

/**
 * struct client - a running program
 * @argv: the arguments of the program; the last is NULL
 * @out: the ends of the pipe for its standard output
 * @err: the ends of the pipe for its standard error
 * @pid: the process of the program
 * @output: the standard output that has been read so far
 */
struct client {
	const char *argv[CLIENT_MAX_ARGS];
	int out[2];
	int err[2];
	pid_t pid;
	char output[65536];
};

static inline int client_execute(void *arg)
{
	struct client *client = arg;

	if (dup2(client->out[1], STDOUT_FILENO) < 0 ||
	    dup2(client->err[1], STDERR_FILENO) < 0)
		return -errno;
	execvp(client->argv[0], (char **)client->argv);
	return -errno;
}

/* Starts a program whose argv has been set. */
static inline int client_start(struct client *client)
{
	client->output[0] = '\0';
	if (pipe2(client->out, O_CLOEXEC) || pipe2(client->err, O_CLOEXEC))
		return -errno;
	client->pid = task_start(client_execute, client);
	close(client->out[1]);
	close(client->err[1]);
	return client->pid < 0 ? client->pid : 0;
}

/*
 * Waits until a program ends because its device has been removed.  Returns as
 * task_wait() does.
 */
static inline int client_wait(struct client *client)
{
	close(client->out[0]);
	close(client->err[0]);
	return task_wait(client->pid);
}

static inline int client_count(const struct client *client, const char *text)
{
	const char *at = client->output;
	int nr = 0;

	while ((at = strstr(at, text))) {
		at += strlen(text);
		nr++;
	}
	return nr;
}

/* Reads until @text has been printed @nr times, or the output ends. */
static inline void client_read_until(struct client *client, const char *text,
				     int nr)
{
	size_t len = strlen(client->output);
	ssize_t ret;

	while (client_count(client, text) < nr) {
		ret = read(client->out[0], client->output + len,
			   sizeof(client->output) - 1 - len);
		if (ret <= 0)
			return;
		len += ret;
		client->output[len] = '\0';
	}
}

/* Returns the error messages of a program whose standard output has ended. */
static inline char *client_complaints(struct client *client)
{
	static char text[8192];
	long len = file_read_chunks(client->err[0], text, sizeof(text) - 1,
				    sizeof(text) - 1);

	if (len < 0)
		return strerror(-len);
	text[len] = '\0';
	return text;
}

#endif /* _SELFTESTS_INPUT_CLIENT_H */
