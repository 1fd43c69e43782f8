/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Task - a child that makes system calls which may hang or kill it
 *
 * The child says before each call what it does, in memory that it shares with
 * its parent, and the parent ends its wait if one call takes too long.
 */
#ifndef PROVE_TASK_H
#define PROVE_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * @call: what the child does at the moment
 * @since: when it began to, in milliseconds
 * @number: the number of the file or the load with which it does so
 * @error: the errno that ended its work, or 0
 * @excess: the result of a read that was more than it asked for, or 0
 */
struct progress {
	const char *call;
	long since;
	size_t number;
	int error;
	size_t excess;
};

extern struct progress *progress;

long now_ms(void);
int slow(int seconds);
void sleep_ms(long ms);

void task_init(void);
void task_begins(const char *call, size_t number);
const char *task_run(void (*work)(const void *data), const void *data, int seconds);
bool task_hangs(void);
void task_show(void);
void task_show_of(pid_t pid);
void task_kill(void);

#endif
