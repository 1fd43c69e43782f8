/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Key event - what was written to a keyboard, as keys that go down and up
 *
 *	+34	key 34 goes down
 *	34	the same
 *	-34	it comes up
 *
 * Each line is one event, by the rules of int_rows.h.  One bad line spoils all
 * of them.
 *
 * Nothing here allocates, locks or sleeps, and only @events is written to, so
 * any number of calls may run at the same time.
 */
#ifndef _MODPROOF_KEY_EVENT_H
#define _MODPROOF_KEY_EVENT_H

#include <linux/types.h>

/**
 * struct key_event - a key that goes down or comes up
 * @code: the key, 1 or more
 * @is_press: whether it goes down
 */
struct key_event {
	u16 code;
	bool is_press;
};

int key_event_parse(const char *text, size_t len, u16 max_code,
		    struct key_event *events, int max_events);

#endif /* _MODPROOF_KEY_EVENT_H */
