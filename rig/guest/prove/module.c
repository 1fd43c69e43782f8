// SPDX-License-Identifier: GPL-2.0
/*
 * Module - the system calls that load and unload a module, and its files in sysfs
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ktap.h"
#include "module.h"
#include "task.h"

/* The seconds in which a work item may drop a reference to a module. */
#define LATE	2

/* Load a module from its file, for the time with this number. */
int module_load(const struct plan *plan, size_t number)
{
	int error = 0, fd;

	task_begins("open", number);
	fd = open(plan->file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	task_begins("init", number);
	if (syscall(SYS_finit_module, fd, plan->parameters, 0))
		error = errno;
	close(fd);
	return error;
}

/*
 * Find a module's line in /proc/modules, with its flag "[permanent]"; return
 * false if it is not loaded.
 */
static bool find_line(const char *name, char *line, size_t size)
{
	FILE *file = fopen("/proc/modules", "re");
	const size_t length = strlen(name);
	bool is_found = false;

	if (!file)
		return false;
	while (!is_found && fgets(line, size, file))
		is_found = !strncmp(line, name, length) && line[length] == ' ';
	fclose(file);
	return is_found;
}

/* Return true if a module is loaded. */
bool module_is_loaded(const char *name)
{
	char line[4096];

	return find_line(name, line, sizeof(line));
}

/* Return true if a module has no exit function. */
bool module_is_permanent(const char *name)
{
	char line[4096];

	return find_line(name, line, sizeof(line)) && strstr(line, "[permanent]");
}

/* Return true if a module was not unloaded because it is in use. */
bool module_is_busy(int error)
{
	return error == EAGAIN || error == EBUSY;
}

/* Unload a module, which may be in use for a little while. */
int module_unload(const char *name, size_t number)
{
	const long end = now_ms() + slow(LATE) * 1000L;
	long pause = 1;

	task_begins("exit", number);
	while (syscall(SYS_delete_module, name, O_NONBLOCK)) {
		const int error = errno;

		if (!module_is_busy(error) || module_is_permanent(name) || now_ms() >= end)
			return error;
		sleep_ms(pause);
		if (pause < 64)
			pause *= 2;
	}
	return 0;
}

/* List the names of all modules that are loaded. */
void module_list(struct names *names)
{
	FILE *file = fopen("/proc/modules", "re");
	char line[4096];

	*names = (struct names){ };
	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, " ")] = '\0';
		names_add(names, line);
	}
	fclose(file);
}

/* Read the first line of a file of the module in sysfs. */
static const char *attribute(const char *name, const char *file, char *line, int size)
{
	char path[PATH_MAX];
	FILE *stream;

	snprintf(path, sizeof(path), "/sys/module/%s/%s", name, file);
	stream = fopen(path, "re");
	if (!stream || !fgets(line, size, stream))
		*line = '\0';
	if (stream)
		fclose(stream);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

/* Return the letters with which the module taints the kernel. */
const char *module_taint(const char *name)
{
	static char letters[64];

	return attribute(name, "taint", letters, sizeof(letters));
}

/* Return the reason why a module is not unloaded. */
const char *module_unload_reason(const char *name, int error)
{
	char users[512] = "", path[PATH_MAX], refcount[32];
	const struct dirent *entry;
	DIR *dir;

	if (module_is_permanent(name))
		return "it has no exit function, so it cannot be unloaded";
	if (!module_is_busy(error))
		return error_text(error);
	snprintf(path, sizeof(path), "/sys/module/%s/holders", name);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (*entry->d_name != '.' &&
		    strlen(users) + strlen(entry->d_name) + 2 < sizeof(users))
			strcat(strcat(users, " "), entry->d_name);
	if (dir)
		closedir(dir);
	return because("%s: it is in use: refcount %s%s%s", error_name(error),
		       attribute(name, "refcnt", refcount, sizeof(refcount)),
		       *users ? ", used by" : "", users);
}
