// SPDX-License-Identifier: GPL-2.0
/*
 * Buttons - two buttons: one turns an LED on, the other one turns it off
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/gpio/consumer.h>
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/printk.h>
#include <linux/time64.h>
#include <linux/types.h>

#include "buttons.h"
#include "pushbutton.h"

static const struct {
	const char *name;
	const char *label;
	const char *irq_name;
} kinds[] = {
	{ "off", "LED 1 OFF BUTTON", "gpiomod#button2" },
	{ "on", "LED 1 ON BUTTON", "gpiomod#button1" },
};

/* Gets a line and sets its consumer name, which user space can see. */
static struct gpio_desc *get_line(struct device *dev, const char *name,
				  const char *label, enum gpiod_flags flags)
{
	struct gpio_desc *line = devm_gpiod_get(dev, name, flags);
	int err;

	if (IS_ERR(line))
		return line;
	err = gpiod_set_consumer_name(line, label);
	return err ? ERR_PTR(err) : line;
}

static void turn_off(void *led)
{
	gpiod_set_value_cansleep(led, 0);
}

static struct gpio_desc *get_led(struct device *dev)
{
	struct gpio_desc *led = get_line(dev, "led", "LED 1", GPIOD_OUT_LOW);
	int err;

	if (IS_ERR(led))
		return led;
	err = devm_add_action(dev, turn_off, led);
	return err ? ERR_PTR(err) : led;
}

/*
 * Sets up one button.  Returns the level that the line had before the interrupt
 * was requested, or a negative errno.
 */
static int add_button(struct device *dev, struct button *button,
		      unsigned int bounce, irq_handler_t handler,
		      irq_handler_t thread)
{
	int value, err;

	button->line = get_line(dev, kinds[button->value].name,
				kinds[button->value].label, GPIOD_IN);
	if (IS_ERR(button->line))
		return PTR_ERR(button->line);
	value = gpiod_get_value_cansleep(button->line);
	if (value < 0)
		return value;
	button->irq = gpiod_to_irq(button->line);
	if (button->irq < 0)
		return button->irq;

	pushbutton_init(&button->contact, bounce * (u64)NSEC_PER_MSEC, value);
	err = devm_request_threaded_irq(dev, button->irq, handler, thread,
					IRQF_TRIGGER_RISING |
					IRQF_TRIGGER_FALLING | IRQF_ONESHOT,
					kinds[button->value].irq_name, button);
	return err ? err : value;
}

/**
 * buttons_add() - Set up the LED and both buttons, managed by a device.
 * @dev: the device, which has lines with the names "led", "on" and "off"
 * @bounce: debounce time of the contacts, in milliseconds
 * @handler: interrupt handler, called at each edge, which must return
 *	IRQ_WAKE_THREAD; or NULL for a default handler that does nothing else
 * @thread: threaded handler, which may sleep; its second argument is the struct
 *	button
 *
 * The LED is off at first, and is turned off before its line is released.  Each
 * interrupt is freed before the lines that its handlers use are released, so
 * the handlers never use a line that has been released.
 *
 * Context: Sleeps.
 *
 * Return: 0, or a negative errno if a line, an interrupt or memory is not
 * available.
 */
int buttons_add(struct device *dev, unsigned int bounce, irq_handler_t handler,
		irq_handler_t thread)
{
	struct button *on, *off;
	struct gpio_desc *led;
	int value, err;

	led = get_led(dev);
	if (IS_ERR(led))
		return PTR_ERR(led);
	on = devm_kzalloc(dev, sizeof(*on), GFP_KERNEL);
	off = devm_kzalloc(dev, sizeof(*off), GFP_KERNEL);
	if (!on || !off)
		return -ENOMEM;

	*on = (struct button){ .led = led, .value = true };
	value = add_button(dev, on, bounce, handler, thread);
	if (value < 0)
		return value;
	*off = (struct button){ .led = led, .value = false };
	err = add_button(dev, off, bounce, handler, thread);
	if (err < 0)
		return err;

	pr_info("Current button1 value: %d\n", value);
	pr_info("Successfully requested BUTTON1 IRQ # %d\n", on->irq);
	pr_info("Successfully requested BUTTON2 IRQ # %d\n", off->irq);
	return 0;
}

/**
 * buttons_look() - Read a button's line after an edge, and handle a press.
 * @button: the button
 *
 * If the edge is a press, this sets the LED to @button->value.
 *
 * Context: In the threaded handler of the button's interrupt.  Sleeps.
 *
 * Return: true if the edge is a press.
 */
bool buttons_look(struct button *button)
{
	const int value = gpiod_get_value_cansleep(button->line);

	if (value < 0 ||
	    !pushbutton_look(&button->contact, value, ktime_get_ns()))
		return false;

	gpiod_set_value_cansleep(button->led, button->value);
	return true;
}
