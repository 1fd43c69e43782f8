/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Key event model - presses and releases of keys, parsed one line at a time
 *
 * The model removes the newline of a line and parses the rest as one number,
 * with the parser of int_rows_model.h.  lib/key_event.c passes the line with
 * its newline to lib/int_rows.c.
 */
#ifndef _MODPROOF_KEY_EVENT_MODEL_H
#define _MODPROOF_KEY_EVENT_MODEL_H

#include <linux/errno.h>
#include <linux/types.h>

#include "int_rows_model.h"
#include "key_event.h"

/* Parses one line.  @end is the end of the line without its newline. */
static inline int key_event_model_line(const char *line, const char *end,
				       u16 max_code, struct key_event *event)
{
	s64 code;
	int err;

	err = int_rows_model_number(&line, end, &code);
	if (err)
		return err;
	if (line != end)
		return -EINVAL;

	event->is_press = code > 0;
	if (code < 0)
		code = -code;
	event->code = code;
	return code >= 1 && code <= max_code ? 0 : -EINVAL;
}

static inline int key_event_model_parse(const char *text, size_t len,
					u16 max_code, struct key_event *events,
					int max_events)
{
	const char *end = text + len;
	const char *newline;
	int nr;
	int err;

	for (nr = 0; text < end; nr++) {
		if (nr == max_events)
			return -E2BIG;

		newline = text;
		while (newline < end && *newline != '\n')
			newline++;
		err = key_event_model_line(text, newline, max_code, &events[nr]);
		if (err)
			return err;
		text = newline + 1;
	}
	return nr;
}

#endif /* _MODPROOF_KEY_EVENT_MODEL_H */
