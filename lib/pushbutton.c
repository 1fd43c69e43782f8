// SPDX-License-Identifier: GPL-2.0
/*
 * Push button - debounce a button: find the edges of its line that are presses
 */
#include <linux/types.h>

#include "pushbutton.h"

/**
 * pushbutton_init() - Start to debounce a button.
 * @button: the button
 * @bounce: debounce time; a burst ends after this time without an edge.  If it
 *	is 0, each edge is a burst
 * @is_high: true if the line is high now; a button that is already down is not
 *	a press
 */
void pushbutton_init(struct pushbutton *button, u64 bounce, bool is_high)
{
	*button = (struct pushbutton){
		.bounce = bounce,
		.is_high = is_high,
		.is_armed = !is_high,
	};
}

/**
 * pushbutton_look() - Check whether an edge is a press.
 * @button: the button, whose line has had an edge
 * @is_high: true if the line was read as high after the edge
 * @now: the current time, not earlier than in the previous call
 *
 * Return: true if the edge is a press.
 */
bool pushbutton_look(struct pushbutton *button, bool is_high, u64 now)
{
	bool is_press;

	if (now - button->last >= button->bounce)
		button->is_armed = !button->is_high;

	is_press = button->is_armed && is_high;
	if (is_press)
		button->is_armed = false;
	button->last = now;
	button->is_high = is_high;
	return is_press;
}
