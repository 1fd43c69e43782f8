/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From log - explain lines of the kernel's log, or of insmod
 */

#ifndef _WHY_FROM_LOG_H
#define _WHY_FROM_LOG_H

#include <stdbool.h>

#include "arena.h"
#include "attempt.h"

/**
 * struct explained - a line that one of the messages fits
 * @message: the message
 * @args: %1 to %9, in the arena of explain_line()
 */
struct explained {
	const struct message *message;
	const char *args[MESSAGE_ARGS];
};

bool explain_line(struct arena *arena, const char *line, struct explained *result);
int from_log(bool is_json);

#endif
