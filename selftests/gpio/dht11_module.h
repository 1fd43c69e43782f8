/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DHT11 - what the shared suites and the soak know of the module
 */
#ifndef _SELFTESTS_GPIO_DHT11_MODULE_H
#define _SELFTESTS_GPIO_DHT11_MODULE_H

#include <errno.h>

#include "lib/description.h"
#include "line.h"
#include "sim.h"

#define DHT11_LINE	4

/*
 * Returns "" if the line is not an output, which means that the device has
 * released it.  A measurement would take long.  That the device can still
 * measure is shown by the last call, in which no fault fires.
 */
static const char *dht11_look(struct call_fault_file *file)
{
	return line_is_output(DHT11_LINE) ? "it is an output" : "";
}

static const struct call_fault_call dht11_open_call = {
	.name = "open",
	.prepare = call_fault_prepare_closed,
	.make = call_fault_make_open,
	.look = dht11_look,
	.refusal = -ETIMEDOUT,
};

static const struct module_description dht11_module = {
	.module = "dht11",
	.prepare = sim_prepare,
	.path = "/dev/dht11",
	.needs = "/dev/dht11",
	.load_errs = { -EINVAL, -ENXIO },
	/*
	 * No sensor is connected to the line, so an open ends with a timeout.
	 */
	.files = (const struct described_file[]) {
		{
			.file.path = "/dev/dht11",
			.calls = { &dht11_open_call },
		},
	},
	.soak.nodes = {
		{ "/dev/dht11", {} },
		SIM_PULL("4"),
	},
	.soak.is_held = true,
};

IN_LOAD_FAULT(dht11);
IN_CALL_FAULT(dht11, dht11, 0);
IN_SOAK(dht11);

#endif /* _SELFTESTS_GPIO_DHT11_MODULE_H */
