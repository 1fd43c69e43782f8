/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text - print text that comes from a file, without its control characters
 */

#ifndef _WHY_TEXT_H
#define _WHY_TEXT_H

#include <stdbool.h>

#include "arena.h"

const char *text_printable(struct arena *arena, const char *text);
void text_plain(const char *text, const char *indent);
void text_json(const char *text);
void text_list(const char *lines, bool *is_first);

#endif
