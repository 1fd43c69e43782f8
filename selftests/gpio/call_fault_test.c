// SPDX-License-Identifier: GPL-2.0
/*
 * Call fault - system calls on these devices with fault injection
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <string.h>

#include "line.h"
#include "sim.h"
#include "suites/call_fault.h"
#include "suites/page_fault.h"

#define LINE	4

static const char *look_at_led(struct call_fault_file *file)
{
	if (file->fd < 0 && call_fault_open(file))
		return strerror(-file->fd);
	return sim_value(LINE) ? "on" : "off";
}

static const struct call_fault_call led_open_call = {
	.name = "open",
	.prepare = call_fault_prepare_closed,
	.make = call_fault_make_open,
	.look = look_at_led,
};

static const struct call_fault_call led_write_call = {
	.name = "write",
	.prepare = call_fault_prepare_open,
	.make = call_fault_make_write,
	.look = look_at_led,
};

FIXTURE_VARIANT_ADD(call_fault, led)
{
	.file = {
		.module = "led",
		.path = "/dev/gpio_led",
		.flags = O_WRONLY,
		.before = "0",
		.text = "1\n",
	},
	.calls = { &led_open_call, &led_write_call },
	.prepare = sim_prepare,
};

/*
 * Another measurement would take long, so this only checks that the line is
 * released.  The last call shows that the device can still measure.
 */
static const char *look_at_line(struct call_fault_file *file)
{
	return line_is_output(LINE) ? "it is an output" : "";
}

static const struct call_fault_call measure_call = {
	.name = "open",
	.prepare = call_fault_prepare_closed,
	.make = call_fault_make_open,
	.look = look_at_line,
	.refusal = -ETIMEDOUT,
};

/* The line has no sensor, so an open ends with a timeout. */
FIXTURE_VARIANT_ADD(call_fault, dht11)
{
	.file = {
		.module = "dht11",
		.path = "/dev/dht11",
	},
	.calls = { &measure_call },
	.prepare = sim_prepare,
};

TEST_HARNESS_MAIN
