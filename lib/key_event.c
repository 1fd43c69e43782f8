// SPDX-License-Identifier: GPL-2.0
/*
 * Key event - parser of key presses and releases that are written to a file
 */
#include <linux/errno.h>
#include <linux/types.h>

#include "int_rows.h"
#include "key_event.h"

static int take_event(const char *text, size_t len, u16 max_code,
		      struct key_event *event)
{
	const struct int_range codes = { .min = -max_code, .max = max_code };
	s32 code;
	int ret;

	ret = int_rows_parse(text, len, &codes, 1, &code, 1);
	if (ret < 0)
		return ret;
	if (!code)
		return -EINVAL;

	event->is_press = code > 0;
	event->code = event->is_press ? code : -code;
	return 0;
}

/* Returns the length of the first line, including its newline if it has one. */
static size_t line_length(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] == '\n')
			return i + 1;
	}
	return len;
}

/**
 * key_event_parse() - Parse key events.
 * @text: the text that was written, which is not NUL-terminated
 * @len: its length in bytes; an empty text has no events
 * @max_code: the largest key code, such as KEY_MAX
 * @events: array for the events; its content is undefined after an error
 * @max_events: number of events that @events has room for; a text of n bytes
 *	has at most n / 2 events, rounded up
 *
 * Return: the number of events, or the error of the first bad line: -EINVAL if
 * the line is not a key code from 1 to @max_code, with or without a sign;
 * -ERANGE if the number in the line has more than 63 bits; or -E2BIG if there
 * are more than @max_events events.
 * @max_events.
 */
int key_event_parse(const char *text, size_t len, u16 max_code,
		    struct key_event *events, int max_events)
{
	size_t line;
	int nr = 0;
	int err;

	for (; len; text += line, len -= line) {
		line = line_length(text, len);
		if (nr == max_events)
			return -E2BIG;
		err = take_event(text, line, max_code, &events[nr]);
		if (err)
			return err;
		nr++;
	}
	return nr;
}
