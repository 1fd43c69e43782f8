/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Push button - debounce a button: find the edges of its line that are presses
 *
 *	level	____--_-________-_------______
 *	press	    ^           ^
 *
 * Contacts bounce: one touch causes many edges.  Edges that follow each other
 * within the debounce time are one burst.  A burst is a press if the line was
 * low before the burst and was read as high during the burst.  So a release is
 * not a press, even if it bounces, and a second touch within the same burst is
 * not another press.
 *
 * After an edge, the caller reads the line and calls pushbutton_look().  The
 * caller may read late, and once for several edges, if it reads once more after
 * the last edge: the level that was read last in a burst is taken as the level
 * before the next burst.
 *
 * The kernel can debounce in two places, but neither fits.
 * gpiod_set_debounce() needs a GPIO chip that debounces.  The driver gpio-keys
 * reports a press only after the line has been quiet for the debounce time.
 *
 * A time is a number in any unit; the time must not run backwards.  Nothing
 * here allocates, locks or sleeps.  The caller serialises:
 *
 *		  |  init, look
 *   init, look   |      L
 *
 * "L" means that the caller holds one lock during both calls, if they are for
 * the same button.
 */
#ifndef _MODPROOF_PUSHBUTTON_H
#define _MODPROOF_PUSHBUTTON_H

#include <linux/types.h>

/**
 * struct pushbutton - a button
 * @bounce: debounce time; a burst ends after this time without an edge
 * @last: time of the last pushbutton_look(); its value before the first call
 *	has no effect
 * @is_high: true if the line was high when it was read last
 * @is_armed: true if a high level in the current burst would be a press
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
