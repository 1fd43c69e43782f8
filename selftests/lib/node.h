/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Node - a character device's number, its class, and its node in /dev
 *
 * The number, the class, the node and the device in the class all have the same
 * name.
 */
#ifndef _SELFTESTS_LIB_NODE_H
#define _SELFTESTS_LIB_NODE_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

#define NODE_MAX_PATH	96

/* Returns the major number of @name in /proc/devices, or a negative errno. */
static inline int node_major(const char *name)
{
	char devices[4096];
	char *line = devices;
	char found[64];
	int major;

	if (file_read("/proc/devices", devices, sizeof(devices)) < 0)
		return -EIO;

	/* The block devices are listed after the character devices. */
	while (line && strncmp(line, "Block", strlen("Block"))) {
		if (sscanf(line, "%d %63s", &major, found) == 2 &&
		    !strcmp(found, name))
			return major;
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return -ENOENT;
}

static inline void node_path(char *path, const char *name)
{
	snprintf(path, NODE_MAX_PATH, "/dev/%s", name);
}

/*
 * Each device has a class of its own, which exists as long as the device does.
 */
static inline void node_class_path(char *path, const char *name)
{
	snprintf(path, NODE_MAX_PATH, "/sys/class/%s", name);
}

static inline bool node_has_no_file(const char *path)
{
	return access(path, F_OK) && errno == ENOENT;
}

/* Returns true if a device has no number, no class and no node. */
static inline bool node_is_gone(const char *name)
{
	char class[NODE_MAX_PATH];
	char path[NODE_MAX_PATH];

	node_path(path, name);
	node_class_path(class, name);
	return node_major(name) == -ENOENT && node_has_no_file(path) &&
	       node_has_no_file(class);
}

/* Returns true if a device has a number, a class and a node. */
static inline bool node_is_whole(const char *name)
{
	char class[NODE_MAX_PATH];
	char path[NODE_MAX_PATH];

	node_path(path, name);
	node_class_path(class, name);
	return node_major(name) > 0 && !access(path, F_OK) &&
	       !access(class, F_OK);
}

#endif /* _SELFTESTS_LIB_NODE_H */
