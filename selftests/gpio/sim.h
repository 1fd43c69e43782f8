/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sim - a GPIO chip of gpio-sim, whose lines are pulled and read
 *
 * The chip has the label of the guide's board, so that the modules find it by
 * default.  It is created by the first test that needs it, and kept for those
 * that follow.
 */
#ifndef _SELFTESTS_GPIO_SIM_H
#define _SELFTESTS_GPIO_SIM_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"

#define SIM_LABEL	"pinctrl-bcm2835"
#define SIM_NR_LINES	20
#define SIM_LACKING	"needs CONFIG_GPIO_SIM"
#define SIM_CONFIGFS	"/sys/kernel/config"
#define SIM_ROOT	SIM_CONFIGFS "/gpio-sim"
#define SIM_CHIP	SIM_ROOT "/modproof"
#define SIM_BANK	SIM_CHIP "/bank0"

/* The directories of the lines, and a line that a soak pulls up and down. */
#define SIM_LINES	"/sys/devices/platform/gpio-sim.*/gpiochip*/sim_gpio"
#define SIM_PULL(line)							\
	{ SIM_LINES line "/pull", { "pull-up", "pull-down" } }

static inline int sim_modprobe(void *arg)
{
	execlp("modprobe", "modprobe", "-q", "gpio-sim", NULL);
	return -errno;
}

/* modprobe takes long, so it is only called if the module exists. */
static inline bool sim_is_there(void)
{
	if (!access(SIM_ROOT, F_OK))
		return true;
	if (!strstr(module_dep, "/gpio-sim.ko"))
		return false;
	if (task_run(sim_modprobe, NULL))
		return false;
	mount("none", SIM_CONFIGFS, "configfs", 0, NULL);
	return !access(SIM_ROOT, F_OK);
}

/* Returns 0 or a negative errno. */
static inline int sim_set(const char *attribute, const char *value)
{
	long ret = file_write(attribute, value);

	return ret < 0 ? ret : 0;
}

static inline int sim_make_chip(void)
{
	char nr[8];
	int err;

	if (mkdir(SIM_CHIP, 0755) || mkdir(SIM_BANK, 0755))
		return -errno;
	snprintf(nr, sizeof(nr), "%d", SIM_NR_LINES);
	err = sim_set(SIM_BANK "/num_lines", nr);
	if (!err)
		err = sim_set(SIM_BANK "/label", SIM_LABEL);
	return err ? err : sim_set(SIM_CHIP "/live", "1");
}

/* Creates the chip if needed; returns what the kernel lacks, or NULL. */
static inline const char *sim_prepare(void)
{
	if (!sim_is_there())
		return SIM_LACKING;
	if (access(SIM_CHIP, F_OK) && sim_make_chip())
		return "the simulator does not work";
	return NULL;
}

/* Removes the chip, which must be unused; the next test creates a new one. */
static inline int sim_remove(void)
{
	int err = sim_set(SIM_CHIP "/live", "0");

	if (!err)
		err = sysret(rmdir(SIM_BANK));
	return err ? err : sysret(rmdir(SIM_CHIP));
}

/* Reads a name without its newline. */
static inline int sim_name(const char *attribute, char *name, size_t size)
{
	long len = file_read(attribute, name, size);

	name[strcspn(name, "\n")] = '\0';
	return len < 0 ? len : 0;
}

/* Writes the path of the chip's device, /dev/gpiochip0 or another. */
static inline int sim_node(char *path, size_t size)
{
	char chip[32];
	int err = sim_name(SIM_BANK "/chip_name", chip, sizeof(chip));

	snprintf(path, size, "/dev/%s", chip);
	return err;
}

static inline int sim_line_open(int line, const char *attribute, int flags)
{
	char device[32];
	char chip[32];
	char path[160];

	if (sim_name(SIM_CHIP "/dev_name", device, sizeof(device)) ||
	    sim_name(SIM_BANK "/chip_name", chip, sizeof(chip)))
		return -ENODEV;
	snprintf(path, sizeof(path), "/sys/devices/platform/%s/%s/sim_gpio%d/%s",
		 device, chip, line, attribute);
	return sysret(open(path, flags | O_CLOEXEC));
}

/* Pulls a line up or down, through its attribute "pull", which is open. */
static inline int sim_pull_fd(int fd, bool up)
{
	const char *text = up ? "pull-up" : "pull-down";

	return sysret(pwrite(fd, text, strlen(text), 0)) < 0 ? -errno : 0;
}

static inline int sim_pull(int line, bool up)
{
	int fd = sim_line_open(line, "pull", O_WRONLY);
	int err;

	if (fd < 0)
		return fd;
	err = sim_pull_fd(fd, up);
	close(fd);
	return err;
}

/* Returns 0 or 1, or a negative errno. */
static inline int sim_value(int line)
{
	int fd = sim_line_open(line, "value", O_RDONLY);
	char value = 0;
	long ret;

	if (fd < 0)
		return fd;
	ret = sysret(read(fd, &value, 1));
	close(fd);
	return ret < 0 ? ret : value - '0';
}

#endif /* _SELFTESTS_GPIO_SIM_H */
