/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Buttons - two buttons and a LED: one turns it on, the other turns it off
 *
 * Both edges of a button interrupt.  The chip may be one that is reached through
 * a bus, and whose lines nobody can look at without sleeping; so the interrupt
 * only wakes a thread, and the thread calls buttons_look().
 */
#ifndef _MODPROOF_BUTTONS_H
#define _MODPROOF_BUTTONS_H

#include <linux/device.h>
#include <linux/gpio/consumer.h>
#include <linux/gpio/machine.h>
#include <linux/interrupt.h>
#include <linux/moduleparam.h>
#include <linux/types.h>

#include "gpiodev.h"
#include "pushbutton.h"

/* How long contacts bounce, in milliseconds, unless the user knows better. */
#define BUTTONS_BOUNCE	20

/* Where the lines are in the table, and which ones the guide's board has. */
enum { BUTTONS_LED, BUTTONS_ON, BUTTONS_OFF };

/*
 * The table of a device with such a name, as buttons_lines, and the parameters
 * led, button_on and button_off that say which line of the chip is which.
 */
#define DEFINE_BUTTONS_LINES(name)					\
static struct gpiod_lookup_table buttons_lines = {			\
	.dev_id = (name),						\
	.table = {							\
		[BUTTONS_LED] =						\
			GPIO_LOOKUP(NULL, 4, "led", GPIO_ACTIVE_HIGH),	\
		[BUTTONS_ON] =						\
			GPIO_LOOKUP(NULL, 17, "on", GPIO_ACTIVE_HIGH),	\
		[BUTTONS_OFF] =						\
			GPIO_LOOKUP(NULL, 18, "off", GPIO_ACTIVE_HIGH),	\
		{}							\
	},								\
};									\
module_param_named(led, buttons_lines.table[BUTTONS_LED].chip_hwnum,	\
		   ushort, 0444);					\
MODULE_PARM_DESC(led, "Line of the LED");				\
module_param_named(button_on,						\
		   buttons_lines.table[BUTTONS_ON].chip_hwnum, ushort,	\
		   0444);						\
MODULE_PARM_DESC(button_on, "Line of the button that turns it on");	\
module_param_named(button_off,						\
		   buttons_lines.table[BUTTONS_OFF].chip_hwnum, ushort,	\
		   0444);						\
MODULE_PARM_DESC(button_off, "Line of the button that turns it off")

/**
 * struct button - a button and what it does
 * @line: its line
 * @led: the line of the LED
 * @value: what it sets the LED to
 * @irq: the number of its interrupt
 * @contact: what has been seen of its line, by its thread only
 */
struct button {
	struct gpio_desc *line;
	struct gpio_desc *led;
	bool value;
	int irq;
	struct pushbutton contact;
};

int buttons_add(struct device *dev, unsigned int bounce, irq_handler_t handler,
		irq_handler_t thread);
bool buttons_look(struct button *button);

#endif /* _MODPROOF_BUTTONS_H */
