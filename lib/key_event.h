/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Key event - parser of key presses and releases that are written to a file
 *
 *	+34	press key 34
 *	34	press key 34, too
 *	-34	release key 34
 *
 * Each line is one event and follows the rules of int_rows.h, which also
 * explains why sscanf() is not used.  One bad line makes the whole text
 * invalid.
 *
 * Nothing here allocates, locks or sleeps, and only @events is written to, so
 * any number of calls may run at the same time.
 */
#ifndef _MODPROOF_KEY_EVENT_H
#define _MODPROOF_KEY_EVENT_H

#include <linux/types.h>

/**
 * struct key_event - a press or a release of a key
 * @code: the key code, 1 or more
 * @is_press: true for a press, false for a release
 */
struct key_event {
	u16 code;
	bool is_press;
};

int key_event_parse(const char *text, size_t len, u16 max_code,
		    struct key_event *events, int max_events);

#endif /* _MODPROOF_KEY_EVENT_H */
