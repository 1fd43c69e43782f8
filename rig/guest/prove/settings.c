// SPDX-License-Identifier: GPL-2.0
/*
 * Settings - keep random calls from starting programs, and from a reboot
 *
 * Without them, a call may start modprobe, and a key of a virtual keyboard may
 * restart the guest.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "settings.h"

static struct {
	const char *path;
	const char *value;
	char old[256];
} settings[] = {
	{ "/proc/sys/kernel/modprobe", "\n", "" },
	{ "/proc/sys/kernel/sysrq", "0", "" },
	{ "/proc/sys/kernel/ctrl-alt-del", "0", "" },
};

#define SETTINGS	(sizeof(settings) / sizeof(*settings))

static void set(const char *path, const char *value)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, value, strlen(value)) < 0)
		perror(path);
	close(fd);
}

/* Change the settings that the kernel has, and remember their values. */
void settings_change(void)
{
	size_t i;

	for (i = 0; i < SETTINGS; i++) {
		const int fd = open(settings[i].path, O_RDONLY | O_CLOEXEC);
		ssize_t size;

		if (fd < 0)
			continue;
		size = read(fd, settings[i].old, sizeof(settings[i].old) - 1);
		settings[i].old[size > 0 ? size : 0] = '\0';
		close(fd);
		set(settings[i].path, settings[i].value);
	}
}

/* Give the settings the values that they had. */
void settings_restore(void)
{
	size_t i;

	for (i = 0; i < SETTINGS; i++)
		if (*settings[i].old)
			set(settings[i].path, settings[i].old);
}
