// SPDX-License-Identifier: GPL-2.0
/*
 * Device tree - overlays that add and remove nodes, and the driver of the nodes
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"

#define MODULE		"devicetree"
#define OVERLAY		"dtoverlay"
#define DRIVER		"/sys/bus/platform/drivers/lkmpg_devicetree"
#define TWICE		"/sys/firmware/devicetree/base/lkmpg_twice"
#define PREFIX		"lkmpg_devicetree: "
#define NR_ROUNDS	20

/*
 * Applies the overlay in the file @name of the current directory, which is that
 * of the test program.
 */
static int apply(const char *name)
{
	char params[PATH_MAX + 16];
	char dir[PATH_MAX];

	if (!getcwd(dir, sizeof(dir)))
		return -errno;
	snprintf(params, sizeof(params), "file=%s/%s", dir, name);
	return module_load(OVERLAY, params);
}

/*
 * Returns the next record that the driver has logged, without its prefix, or ""
 * if there is none.
 */
static const char *next_of_ours(struct kmsg *log)
{
	const char *text;

	do {
		text = kmsg_next(log);
	} while (*text && strncmp(text, PREFIX, strlen(PREFIX)));
	return *text ? text + strlen(PREFIX) : text;
}

/*
 * Expects these records of the driver.  The kernel prepends the nodes of an
 * overlay to the tree, so it probes them in reverse order.
 */
#define EXPECT_OURS(log, ...) do {					\
	const char * const lines_[] = { __VA_ARGS__ };			\
	size_t line_;							\
									\
	for (line_ = 0; line_ < ARRAY_SIZE(lines_); line_++)		\
		EXPECT_STREQ(lines_[line_], next_of_ours(log));		\
} while (0)

FIXTURE(devicetree)
{
	struct kmsg log;
};

FIXTURE_SETUP(devicetree)
{
	struct module_paths found;

	if (module_find(MODULE, &found))
		SKIP(return, "needs CONFIG_OF");
	if (module_find(OVERLAY, &found))
		SKIP(return, "needs CONFIG_OF_OVERLAY");

	module_unload(OVERLAY);
	ASSERT_EQ(0, module_reload(MODULE, ""));
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(devicetree)
{
	module_unload(OVERLAY);
	EXPECT_EQ(0, module_unload(MODULE));
	kmsg_close(&self->log);
}

/* DEVTREE-2: the name of each node ends in the address of its property reg. */
TEST_F(devicetree, reads_the_guides_devices)
{
	ASSERT_EQ(0, apply("lkmpg.dtbo"));
	EXPECT_OURS(&self->log,
		    "Device tree probe called for lkmpg_device@40001000",
		    "Found label property: LKMPG Secondary Device",
		    "Found reg property: 0x40001000",
		    "Found custom-value property: 200",
		    "has-clock property: absent",
		    "Device probe successful",
		    "Device tree probe called for lkmpg_device@40000000",
		    "Found label property: LKMPG Test Device",
		    "Found reg property: 0x40000000",
		    "Found custom-value property: 100",
		    "has-clock property: present",
		    "Device probe successful", "");
	EXPECT_EQ(0, access(DRIVER "/40000000.lkmpg_device", F_OK));
	EXPECT_EQ(0, access(DRIVER "/40001000.lkmpg_device", F_OK));
}

/* DEVTREE-1 */
TEST_F(devicetree, reads_an_address_of_two_cells)
{
	ASSERT_EQ(0, apply("cells.dtbo"));
	EXPECT_OURS(&self->log,
		    "Device tree probe called for lkmpg_device@140002000",
		    "No label property found, using default",
		    "Found reg property: 0x140002000",
		    "No custom-value found, using default: 42",
		    "has-clock property: absent",
		    "Device probe successful",
		    "Device tree probe called for lkmpg_device@40002000",
		    "No label property found, using default",
		    "Found reg property: 0x40002000",
		    "No custom-value found, using default: 42",
		    "has-clock property: absent",
		    "Device probe successful", "");
	ASSERT_EQ(0, module_unload(OVERLAY));
	EXPECT_OURS(&self->log, "Removing device unnamed",
		    "Removing device unnamed", "");
}

/* DEVTREE-3: the driver copies the label, which is freed with the node. */
TEST_F(devicetree, names_the_device_when_its_node_goes)
{
	ASSERT_EQ(0, apply("lkmpg.dtbo"));
	kmsg_skip(&self->log);
	ASSERT_EQ(0, module_unload(OVERLAY));
	EXPECT_OURS(&self->log, "Removing device LKMPG Secondary Device",
		    "Removing device LKMPG Test Device", "");
	EXPECT_EQ(-ENOENT, sysret(access(DRIVER "/40000000.lkmpg_device",
					 F_OK)));
}

TEST_F(devicetree, finds_nodes_that_were_there_before)
{
	ASSERT_EQ(0, module_unload(MODULE));
	ASSERT_EQ(0, apply("lkmpg.dtbo"));
	kmsg_skip(&self->log);
	ASSERT_EQ(0, module_load(MODULE, ""));
	EXPECT_OURS(&self->log, "Device tree probe called for lkmpg_device@40001000",
		    "Found label property: LKMPG Secondary Device");
	EXPECT_EQ(0, access(DRIVER "/40001000.lkmpg_device", F_OK));
}

TEST_F(devicetree, unload_leaves_the_nodes)
{
	ASSERT_EQ(0, apply("lkmpg.dtbo"));
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_EQ(0, access("/sys/bus/platform/devices/40000000.lkmpg_device",
			    F_OK));
	EXPECT_EQ(-ENOENT, sysret(access(DRIVER, F_OK)));
	ASSERT_EQ(0, module_load(MODULE, ""));
}

TEST_F(devicetree, refuses_properties_that_are_too_short)
{
	ASSERT_EQ(0, apply("short.dtbo"));
	EXPECT_EQ(-ENOENT, sysret(access(DRIVER "/lkmpg_label", F_OK)));
	EXPECT_EQ(-ENOENT, sysret(access(DRIVER "/lkmpg_value", F_OK)));
	ASSERT_EQ(0, module_unload(OVERLAY));
	EXPECT_OURS(&self->log, "Device tree probe called for lkmpg_label",
		    "Device tree probe called for lkmpg_value",
		    "Found label property: short", "");
}

TEST_F(devicetree, comes_and_goes_with_its_nodes)
{
	int i;

	for (i = 0; i < NR_ROUNDS; i++) {
		ASSERT_EQ(0, apply("lkmpg.dtbo"));
		ASSERT_EQ(0, access(DRIVER "/40000000.lkmpg_device", F_OK));
		ASSERT_EQ(0, module_unload(i % 2 ? OVERLAY : MODULE));
		ASSERT_EQ(0, i % 2 ? 0 : module_unload(OVERLAY));
		ASSERT_EQ(0, i % 2 ? 0 : module_load(MODULE, ""));
	}
}

TEST_F(devicetree, overlay_that_is_none_is_refused)
{
	EXPECT_EQ(-EINVAL, module_load(OVERLAY, ""));
	EXPECT_EQ(-ENOENT, module_load(OVERLAY, "file=/nowhere"));
	EXPECT_EQ(-EINVAL, module_load(OVERLAY, "file=/bin/true"));
	EXPECT_FALSE(module_is_loaded(OVERLAY));
}

/*
 * If the kernel refuses an overlay after it has applied a part of it, it
 * removes that part again.  The next overlay can then be applied.
 */
TEST_F(devicetree, overlay_that_adds_a_node_twice_is_refused)
{
	EXPECT_EQ(-EINVAL, apply("twice.dtbo"));
	EXPECT_FALSE(module_is_loaded(OVERLAY));
	EXPECT_EQ(-ENOENT, sysret(access(TWICE, F_OK)));
	EXPECT_EQ(0, apply("lkmpg.dtbo"));
}

TEST_HARNESS_MAIN
