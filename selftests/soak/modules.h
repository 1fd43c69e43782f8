/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Table - the list of all modules, and of the files that each of them has
 */
#ifndef _SELFTESTS_SOAK_MODULES_H
#define _SELFTESTS_SOAK_MODULES_H

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../gpio/sim.h"
#include "../input/vinput_device.h"
#include "chardev.h"
#include "ioctltest.h"
#include "lib/file.h"
#include "lib/module.h"
#include "soak.h"

#define TABLE_OVERLAY	"file=lkmpg.dtbo"
#define TABLE_DRIVERS	"/sys/bus/platform/drivers/"
#define TABLE_LINES	"/sys/devices/platform/gpio-sim.*/gpiochip*/sim_gpio"

#define TABLE_PULL(line)						\
	{ TABLE_LINES line "/pull", { "pull-up", "pull-down" } }

/* Binding a bound device returns -EBUSY, unbinding an unbound one -ENODEV. */
#define TABLE_BIND(driver, device)					\
	{ TABLE_DRIVERS driver "/bind", { device } }
#define TABLE_UNBIND(driver, device)					\
	{ TABLE_DRIVERS driver "/unbind", { device } }

static inline int table_export_vkbd(void)
{
	return vinput_export("vkbd");
}

static inline int table_export_vmouse(void)
{
	return vinput_export("vmouse");
}

/* Opens the console of the LEDs, which stays open until the test has ended. */
static inline const char *table_open_console(void)
{
	if (access("/dev/tty1", F_OK))
		return "needs CONFIG_VT";
	return open("/dev/tty1", O_RDWR | O_NOCTTY | O_CLOEXEC) < 0 ?
		       "the console does not open" : NULL;
}

static inline const char *table_find_tree(void)
{
	struct module_paths found;

	if (module_find("devicetree", &found))
		return "needs CONFIG_OF";
	return module_find("dtoverlay", &found) ? "needs CONFIG_OF_OVERLAY" :
						  NULL;
}

static inline const char *table_load_overlay(void)
{
	const char *lacking = table_find_tree();

	if (!lacking && module_reload("dtoverlay", TABLE_OVERLAY))
		return "the overlay does not load";
	return lacking;
}

static inline const char *table_load_devicetree(void)
{
	const char *lacking = table_find_tree();

	if (!lacking && module_reload("devicetree", ""))
		return "the driver does not load";
	return lacking;
}

/* The modules whose only files are in their directory in sysfs. */
FIXTURE_VARIANT_ADD(soak, completions) { .module = "completions" };
FIXTURE_VARIANT_ADD(soak, cryptosha256) { .module = "cryptosha256" };
FIXTURE_VARIANT_ADD(soak, cryptosk) { .module = "cryptosk" };
FIXTURE_VARIANT_ADD(soak, example_atomic) { .module = "example_atomic" };
FIXTURE_VARIANT_ADD(soak, example_mutex) { .module = "example_mutex" };
FIXTURE_VARIANT_ADD(soak, example_rwlock) { .module = "example_rwlock" };
FIXTURE_VARIANT_ADD(soak, example_spinlock) { .module = "example_spinlock" };
FIXTURE_VARIANT_ADD(soak, example_tasklet) { .module = "example_tasklet" };
FIXTURE_VARIANT_ADD(soak, hello_1) { .module = "hello-1" };
FIXTURE_VARIANT_ADD(soak, hello_2) { .module = "hello-2" };
FIXTURE_VARIANT_ADD(soak, hello_3) { .module = "hello-3" };
FIXTURE_VARIANT_ADD(soak, hello_4) { .module = "hello-4" };
FIXTURE_VARIANT_ADD(soak, helloworld) { .module = "helloworld" };
FIXTURE_VARIANT_ADD(soak, kmem_cache) { .module = "kmem_cache" };
FIXTURE_VARIANT_ADD(soak, print_string) { .module = "print_string" };
FIXTURE_VARIANT_ADD(soak, sched) { .module = "sched" };
FIXTURE_VARIANT_ADD(soak, startstop) { .module = "startstop" };

FIXTURE_VARIANT_ADD(soak, kbleds)
{
	.module = "kbleds",
	.prepare = table_open_console,
};

FIXTURE_VARIANT_ADD(soak, bh_threaded)
{
	.module = "bh_threaded",
	.params = "bounce_ms=0",
	.nodes = {
		TABLE_PULL("17"),
		TABLE_PULL("18"),
		{ TABLE_LINES "4/value", {} },
		TABLE_BIND("bh_threaded", "bh_threaded"),
		TABLE_UNBIND("bh_threaded", "bh_threaded"),
	},
	.prepare = sim_prepare,
};

FIXTURE_VARIANT_ADD(soak, blkram)
{
	.module = "blkram",
	.params = "blkram_mb=1",
	.nodes = {
		{ "/dev/blkram0", {} },
		{ "/sys/block/blkram0/size", {} },
		{ "/sys/block/blkram0/queue/nr_requests", { "4", "64" } },
		{ "/sys/block/blkram0/queue/scheduler", { "none" } },
	},
	.ioctls = {
		BLKDISCARD, BLKFLSBUF, BLKGETSIZE64, BLKROSET, BLKRRPART,
		BLKSSZGET, BLKZEROOUT,
	},
	.is_held = true,
};

FIXTURE_VARIANT_ADD(soak, bottomhalf)
{
	.module = "bottomhalf",
	.params = "bounce_ms=0",
	.nodes = {
		TABLE_PULL("17"),
		TABLE_PULL("18"),
		{ TABLE_LINES "4/value", {} },
		TABLE_BIND("bottomhalf", "bottomhalf"),
		TABLE_UNBIND("bottomhalf", "bottomhalf"),
	},
	.prepare = sim_prepare,
};

FIXTURE_VARIANT_ADD(soak, chardev)
{
	.module = "chardev",
	.nodes = { { "/dev/chardev", { "x" } } },
	.is_held = true,
};

FIXTURE_VARIANT_ADD(soak, chardev2)
{
	.module = "chardev2",
	.nodes = { { DEVICE_PATH, { "a message\n", "hi" } } },
	.ioctls = { IOCTL_SET_MSG, IOCTL_GET_MSG, IOCTL_GET_NTH_BYTE },
	.is_held = true,
};

FIXTURE_VARIANT_ADD(soak, devicemodel)
{
	.module = "devicemodel",
	.nodes = {
		TABLE_BIND("devicemodel_example", "devicemodel_example"),
		TABLE_UNBIND("devicemodel_example", "devicemodel_example"),
	},
};

FIXTURE_VARIANT_ADD(soak, devicetree)
{
	.module = "devicetree",
	.beside = "dtoverlay",
	.nodes = {
		TABLE_BIND("lkmpg_devicetree", "40000000.lkmpg_device"),
		TABLE_UNBIND("lkmpg_devicetree", "40000000.lkmpg_device"),
	},
	.prepare = table_load_overlay,
};

FIXTURE_VARIANT_ADD(soak, dht11)
{
	.module = "dht11",
	.nodes = {
		{ "/dev/dht11", {} },
		TABLE_PULL("4"),
	},
	.is_held = true,
	.prepare = sim_prepare,
};

FIXTURE_VARIANT_ADD(soak, dma)
{
	.module = "dma",
	.nodes = {
		TABLE_BIND("lkmpg_dma_demo", "lkmpg_dma_demo"),
		TABLE_UNBIND("lkmpg_dma_demo", "lkmpg_dma_demo"),
	},
};

/*
 * A task that unbinds a device holds a reference to it for that moment, and so
 * to its OF node.  The kernel expects no such reference when it removes an
 * overlay; otherwise it loses the nodes, and warns when it tries to print their
 * names (6.12 to 7.3).
 */
FIXTURE_VARIANT_ADD(soak, dtoverlay)
{
	.module = "dtoverlay",
	.params = TABLE_OVERLAY,
	.beside = "devicetree",
	.nodes = {
		{ "/sys/module/dtoverlay/parameters/file", {} },
		TABLE_BIND("lkmpg_devicetree", "40001000.lkmpg_device"),
		TABLE_UNBIND("lkmpg_devicetree", "40001000.lkmpg_device"),
	},
	.is_quiet = true,
	.prepare = table_load_devicetree,
};

FIXTURE_VARIANT_ADD(soak, full_ex)
{
	.module = "full_ex",
	.nodes = { { "/proc/full_ex", { "\004", "\007\001\001\001" } } },
};

FIXTURE_VARIANT_ADD(soak, hello_5)
{
	.module = "hello-5",
	.nodes = {
		{ "/sys/module/hello_5/parameters/myshort", { "7", "-1" } },
		{ "/sys/module/hello_5/parameters/myint", { "7", "-1" } },
		{ "/sys/module/hello_5/parameters/mylong", { "7", "-1" } },
	},
};

FIXTURE_VARIANT_ADD(soak, hello_6)
{
	.module = "hello-6",
	.nodes = {
		{ "/sys/module/hello_6/parameters/watched", { "7", "-1" } },
	},
};

FIXTURE_VARIANT_ADD(soak, hello_debugfs)
{
	.module = "hello-debugfs",
	.nodes = {
		{ "/sys/kernel/debug/lkmpg_debugfs/debug_value", { "7" } },
		{ "/sys/kernel/debug/lkmpg_debugfs/debug_enabled", { "Y" } },
		{ "/sys/module/hello_debugfs/parameters/debug_value", { "8" } },
		{ "/sys/module/hello_debugfs/parameters/debug_enabled",
			{ "N" } },
	},
};

/* See load_race.h for the kernel's warning at an open of debugfs. */
FIXTURE_VARIANT_ADD(soak, hello_debugfs_file)
{
	.module = "hello-debugfs-file",
	.nodes = {
		{ "/sys/kernel/debug/lkmpg_debugfs_file/message",
			{ "a message\n", "hi" } },
		{ "/sys/kernel/debug/lkmpg_debugfs_file/blob", {} },
	},
	.is_held = true,
	.is_quiet = true,
};

FIXTURE_VARIANT_ADD(soak, hello_sysfs)
{
	.module = "hello-sysfs",
	.nodes = { { "/sys/kernel/mymodule/myvariable", { "32", "-1\n" } } },
};

FIXTURE_VARIANT_ADD(soak, intrpt)
{
	.module = "intrpt",
	.params = "bounce_ms=0",
	.nodes = {
		TABLE_PULL("17"),
		TABLE_PULL("18"),
		{ TABLE_LINES "4/value", {} },
		TABLE_BIND("intrpt", "intrpt"),
		TABLE_UNBIND("intrpt", "intrpt"),
	},
	.prepare = sim_prepare,
};

FIXTURE_VARIANT_ADD(soak, ioctl)
{
	.module = "ioctl",
	.nodes = { { "/dev/ioctltest", {} } },
	.ioctls = {
		IOCTL_VALSET, IOCTL_VALGET, IOCTL_VALGET_NUM, IOCTL_VALSET_NUM,
		IOCTL_VALSET_NUM_IO,
	},
	.is_held = true,
};

FIXTURE_VARIANT_ADD(soak, led)
{
	.module = "led",
	.nodes = {
		{ "/dev/gpio_led", { "1\n", "0\n" } },
		{ TABLE_LINES "4/value", {} },
	},
	.is_held = true,
	.prepare = sim_prepare,
};

FIXTURE_VARIANT_ADD(soak, minimal_proc_lkm)
{
	.module = "minimal_proc_lkm",
	.nodes = { { "/proc/minimal_proc_lkm", { "a message\n", "hi" } } },
};

FIXTURE_VARIANT_ADD(soak, procfs1)
{
	.module = "procfs1",
	.nodes = { { "/proc/helloworld", { "x" } } },
};

FIXTURE_VARIANT_ADD(soak, procfs2)
{
	.module = "procfs2",
	.nodes = { { "/proc/buffer1k", { "a message\n", "hi" } } },
};

FIXTURE_VARIANT_ADD(soak, procfs3)
{
	.module = "procfs3",
	.nodes = { { "/proc/buffer2k", { "a message\n", "hi" } } },
};

FIXTURE_VARIANT_ADD(soak, procfs4)
{
	.module = "procfs4",
	.params = "lines=300",
	.nodes = {
		{ "/proc/iter", {} },
		{ "/sys/module/procfs4/parameters/lines", {} },
	},
};

FIXTURE_VARIANT_ADD(soak, sleep)
{
	.module = "sleep",
	.nodes = { { "/proc/sleep", { "a message\n", "hi" } } },
};

FIXTURE_VARIANT_ADD(soak, static_key)
{
	.module = "static_key",
	.nodes = { { "/dev/key_state", { "enable\n", "disable\n" } } },
	.is_held = true,
};

FIXTURE_VARIANT_ADD(soak, syscall_steal)
{
	.module = "syscall-steal",
	.nodes = {
		{ "/sys/module/syscall_steal/parameters/uid", { "0", "-1" } },
	},
};

FIXTURE_VARIANT_ADD(soak, vinput)
{
	.module = "vinput",
	.nodes = {
		{ VINPUT_EXPORT, { "vkbd", "none" } },
		{ VINPUT_UNEXPORT, { "0", "32" } },
	},
};

FIXTURE_VARIANT_ADD(soak, vkbd)
{
	.module = "vkbd",
	.beside = "vinput",
	.nodes = {
		{ VINPUT_EXPORT, { "vkbd" } },
		{ VINPUT_UNEXPORT, { "0", "1" } },
		{ VINPUT0, { "+34\n-34\n", "34" } },
		{ "/dev/vinput1", { "+34\n-34\n", "-34" } },
	},
	.begin = table_export_vkbd,
};

FIXTURE_VARIANT_ADD(soak, vmouse)
{
	.module = "vmouse",
	.beside = "vinput",
	.nodes = {
		{ VINPUT_EXPORT, { "vmouse" } },
		{ VINPUT_UNEXPORT, { "0", "1" } },
		{ VINPUT0, { "5 -3 1\n", "0 0 0" } },
		{ "/dev/vinput1", { "5 -3 1\n1 1 7\n", "-5 3 2" } },
	},
	.begin = table_export_vmouse,
};

FIXTURE_VARIANT_ADD(soak, vnetloop)
{
	.module = "vnetloop",
	.nodes = {
		{ "/sys/class/net/vnetloop0/flags", { "0x1003", "0x1002" } },
		{ "/sys/class/net/vnetloop0/mtu", { "1400", "68" } },
		{ "/sys/class/net/vnetloop0/statistics/tx_packets", {} },
		{ "/sys/class/net/vnetloop0/address", {} },
	},
};

#endif /* _SELFTESTS_SOAK_MODULES_H */
