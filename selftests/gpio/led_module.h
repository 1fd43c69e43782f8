/* SPDX-License-Identifier: GPL-2.0 */
/*
 * LED - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_GPIO_LED_MODULE_H
#define _SELFTESTS_GPIO_LED_MODULE_H

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "lib/description.h"
#include "sim.h"

#define LED_LINE	4

static const char *led_look(struct call_fault_file *file)
{
	if (file->fd < 0 && call_fault_open(file))
		return strerror(-file->fd);
	return sim_value(LED_LINE) ? "on" : "off";
}

static const struct call_fault_call led_open_call = {
	.name = "open",
	.prepare = call_fault_prepare_closed,
	.make = call_fault_make_open,
	.look = led_look,
};

static const struct call_fault_call led_write_call = {
	.name = "write",
	.prepare = call_fault_prepare_open,
	.make = call_fault_make_write,
	.look = led_look,
};

static const struct module_description led_module = {
	.module = "led",
	.prepare = sim_prepare,
	.path = "/dev/gpio_led",
	.needs = "/dev/gpio_led",
	.load_errs = { -EINVAL },
	.device_file = { .path = "/dev/gpio_led", .read = -EINVAL },
	.files = (const struct described_file[]) {
		{
			.file.path = "/dev/gpio_led",
			.file.flags = O_WRONLY,
			.file.before = "0",
			.file.text = "1\n",
			.calls = { &led_open_call, &led_write_call },
		},
	},
	.soak.nodes = {
		{ "/dev/gpio_led", { "1\n", "0\n" } },
		{ SIM_LINES "4/value", {} },
	},
	.soak.is_held = true,
};

IN_LOAD_FAULT(led);
IN_CALL_FAULT(led, led, 0);
/* LED-1 */
IN_MODULE_REF(led, gpio_led);
IN_LOAD_RACE(led, gpio_led);
IN_SOAK(led);

#endif /* _SELFTESTS_GPIO_LED_MODULE_H */
