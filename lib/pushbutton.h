/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Push button - debounce a button: which edges of its line are presses
 *
 *	level	____--_-________-_------______
 *	press	    ^           ^
 *
 * Contacts bounce: one touch causes many edges.  Edges that follow each other
 * within the debounce time are one burst.  A burst is a press if the line was
 * low before it and was read as high during it.  So a release is not a press,
 * however it bounces, and a second touch within the same burst is not one
 * either.
 *
 * The caller reads the line after an edge.  It may read late, and once for
 * several edges, as long as it reads once more after the last edge: the level
 * that was read last in a burst is the level before the next burst.
 *
 * The kernel has this in two places, and neither fits: gpiod_set_debounce() needs a
 * chip that debounces, and the driver gpio-keys reports a press only after the line
 * has been quiet for the debounce time.
 *
 * The time is a number in any unit that does not run backwards.  Nothing here
 * allocates, locks or sleeps.  The caller serialises:
 *
 *		  |  init, look
 *   init, look   |      L
 *
 * "L" needs a lock around both if they are for the same button.
 */
#ifndef _MODPROOF_PUSHBUTTON_H
#define _MODPROOF_PUSHBUTTON_H

#include <linux/types.h>

/**
 * struct pushbutton - a button
 * @bounce: debounce time: a burst is over after this time without an edge
 * @last: time of the last look; its value before the first look has no effect
 * @is_high: the level that was read last
 * @is_armed: whether the burst can still become a press
 */
struct pushbutton {
	u64 bounce;
	u64 last;
	bool is_high;
	bool is_armed;
};

void pushbutton_init(struct pushbutton *button, u64 bounce, bool is_high);
bool pushbutton_look(struct pushbutton *button, bool is_high, u64 now);

#endif /* _MODPROOF_PUSHBUTTON_H */
