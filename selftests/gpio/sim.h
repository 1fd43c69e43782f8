/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sim - a GPIO chip of gpio-sim, whose lines the tests pull and read
 *
 * The chip has the label of the board that the guide uses, so the modules find
 * it by default.  The first test that needs the chip creates it.  The chip then
 * remains for later tests.
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

/*
 * The directories of the lines.  SIM_PULL() describes a line that the soak
 * pulls up and down.
 */
#define SIM_LINES	"/sys/devices/platform/gpio-sim.*/gpiochip*/sim_gpio"
#define SIM_PULL(line)							\
	{ SIM_LINES line "/pull", { "pull-up", "pull-down" } }

static inline int sim_modprobe(void *arg)
{
	execlp("modprobe", "modprobe", "-q", "gpio-sim", NULL);
	return -errno;
}

/*
 * Loads gpio-sim if needed.  Returns true if it is loaded. modprobe takes long,
 * so this calls it only if modules.dep lists gpio-sim.
 */
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

/* Writes @value to an attribute.  Returns 0 or a negative errno. */
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

/*
 * Creates the chip if there is none.  Returns what the kernel lacks, or NULL.
 */
static inline const char *sim_prepare(void)
{
	if (!sim_is_there())
		return SIM_LACKING;
	if (access(SIM_CHIP, F_OK) && sim_make_chip())
		return "the simulator does not work";
	return NULL;
}

/*
 * Removes the chip, whose lines must be free.  The next test creates a new one.
 */
static inline int sim_remove(void)
{
	int err = sim_set(SIM_CHIP "/live", "0");

	if (!err)
		err = sysret(rmdir(SIM_BANK));
	return err ? err : sysret(rmdir(SIM_CHIP));
}

/* Reads a name from an attribute, without the newline at its end. */
static inline int sim_name(const char *attribute, char *name, size_t size)
{
	long len = file_read(attribute, name, size);

	name[strcspn(name, "\n")] = '\0';
	return len < 0 ? len : 0;
}

/* Writes to @path the node of the chip's device: /dev/gpiochip0 or another. */
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

/* Pulls a line up or down.  @fd is a descriptor of its attribute "pull". */
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

/* Returns the value of a line, 0 or 1, or a negative errno. */
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
