/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Buttons - two buttons: one turns an LED on, the other one turns it off
 *
 * A button's line raises an interrupt at rising and at falling edges.  If the
 * GPIO chip is on a slow bus, reading a line sleeps.  So the interrupt handler
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

/* Default debounce time in milliseconds; a module parameter can change it. */
#define BUTTONS_BOUNCE	20

/* Indices of the lines in the lookup table. */
enum { BUTTONS_LED, BUTTONS_ON, BUTTONS_OFF };

/*
 * Defines buttons_lines, the lookup table of device @name, and the module
 * parameters led, button_on and button_off that set the offsets of its lines.
 * The default offsets are those of the board in the guide (the Linux Kernel
 * Module Programming Guide).
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
 * struct button - a button and its effect on the LED
 * @line: the line of the button
 * @led: the line of the LED
 * @value: the value that a press sets the LED to
 * @irq: the number of the line's interrupt
 * @contact: the debounce state, which only the interrupt's thread accesses
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
