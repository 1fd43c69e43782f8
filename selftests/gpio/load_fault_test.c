// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - load the modules of this directory with fault injection
 *
 * dtoverlay is left out: if the kernel has no memory for a node's directory, it
 * reports no error, and crashes when a child of the node is added or the node
 * is removed.
 */
#include <errno.h>
#include <kselftest_harness.h>

#include "lib/module.h"
#include "sim.h"
#include "suites/load_fault.h"

FIXTURE_VARIANT_ADD(load_fault, bh_threaded)
{
	.module = "bh_threaded",
	.path = "/sys/bus/platform/devices/bh_threaded",
	.needs = "/sys/bus/platform/drivers/bh_threaded/bh_threaded",
	.errs = { -EINVAL, -ENXIO },
	.prepare = sim_prepare,
};

FIXTURE_VARIANT_ADD(load_fault, bottomhalf)
{
	.module = "bottomhalf",
	.path = "/sys/bus/platform/devices/bottomhalf",
	.needs = "/sys/bus/platform/drivers/bottomhalf/bottomhalf",
	.errs = { -EINVAL, -ENXIO },
	.prepare = sim_prepare,
};

static const char *devicetree_prepare(void)
{
	struct module_paths found;

	return module_find("devicetree", &found) ? "needs CONFIG_OF" : NULL;
}

FIXTURE_VARIANT_ADD(load_fault, devicetree)
{
	.module = "devicetree",
	.path = "/sys/bus/platform/drivers/lkmpg_devicetree",
	.needs = "/sys/bus/platform/drivers/lkmpg_devicetree",
	.errs = { -EINVAL },
	.prepare = devicetree_prepare,
};

FIXTURE_VARIANT_ADD(load_fault, dht11)
{
	.module = "dht11",
	.path = "/dev/dht11",
	.needs = "/dev/dht11",
	.errs = { -EINVAL, -ENXIO },
	.prepare = sim_prepare,
};

FIXTURE_VARIANT_ADD(load_fault, intrpt)
{
	.module = "intrpt",
	.path = "/sys/bus/platform/devices/intrpt",
	.needs = "/sys/bus/platform/drivers/intrpt/intrpt",
	.errs = { -EINVAL, -ENXIO },
	.prepare = sim_prepare,
};

FIXTURE_VARIANT_ADD(load_fault, led)
{
	.module = "led",
	.path = "/dev/gpio_led",
	.needs = "/dev/gpio_led",
	.errs = { -EINVAL },
	.prepare = sim_prepare,
};

TEST_HARNESS_MAIN
