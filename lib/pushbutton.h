/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Push button - which edges of a button's line are presses
 *
 *	level	____--_-________-_------______
 *	press	    ^           ^
 *
 * Contacts bounce: one touch gives many edges.  Edges that follow each other
 * within the time of a bounce are one burst, and a burst is a press if the line
 * was low before it and is seen high in it.  A release, whatever its bounces
 * look like, therefore is none; nor is a second touch within the same burst.
 *
 * Whoever learns of an edge looks at the line then.  It may look late, and once
 * for several edges, if only it looks once more behind the last one: the level
 * that is seen last in a burst is the one before the next.
 *
 * Time comes in as a number that does not run backwards, in any unit.  Nothing
 * here allocates, locks or sleeps.  Whoever calls serialises:
 *
 *		  |  init, look
 *   init, look   |      L
 *
 * "L" needs a lock around both where they are for the same button.
 */
#ifndef _MODPROOF_PUSHBUTTON_H
#define _MODPROOF_PUSHBUTTON_H

#include <linux/types.h>

/**
 * struct pushbutton - a button
 * @bounce: time without an edge after which a burst is over
 * @last: time of the last look; before the first it decides nothing
 * @is_high: the level that was seen last
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
