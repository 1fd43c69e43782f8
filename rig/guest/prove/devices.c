// SPDX-License-Identifier: GPL-2.0
/*
 * Devices - make nodes for the character devices of a module that makes none
 *
 * A module may only register a major number, and leave it to a script to make the
 * nodes with mknod.  Make one with the minor number 0 then, and remove it after its
 * use.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "devices.h"
#include "ktap.h"
#include "plan.h"

#define DEV	"/dev/"

static struct names before, made;

/* Return the lines of /proc/devices, or a file like it, with character devices. */
static struct names read_list(const char *list)
{
	FILE *file = fopen(list, "re");
	struct names names = { };
	char line[256];

	if (!file)
		return names;
	while (fgets(line, sizeof(line), file) && strncmp(line, "Block", strlen("Block"))) {
		line[strcspn(line, "\n")] = '\0';
		names_add(&names, line);
	}
	fclose(file);
	return names;
}

/* Remember the devices that are in the file @list. */
void devices_remember(const char *list)
{
	before = read_list(list);
}

static bool has(const struct names *names, const char *name)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		if (!strcmp(names->list[i], name))
			return true;
	return false;
}

/* Return true if a node has this major number. */
static bool has_node(const struct entries *added, unsigned int number)
{
	struct stat status;
	size_t i;

	for (i = 0; i < added->count; i++)
		if (added->list[i]->type == DT_CHR &&
		    !stat(added->list[i]->path, &status) && major(status.st_rdev) == number)
			return true;
	return false;
}

/* Make the node of a device, and add it to @added. */
static void make(unsigned int number, const char *name, struct entries *added)
{
	struct entry *entry = calloc(1, sizeof(*entry) + sizeof(DEV) + strlen(name));
	char *slash = entry->path + strlen(DEV);

	sprintf(entry->path, DEV "%s", name);
	while ((slash = strchr(slash, '/')))
		*slash = '!';
	if (mknod(entry->path, S_IFCHR | 0600, makedev(number, 0))) {
		free(entry);
		return;
	}
	ktap_note("%s: made for the device %u:0", entry->path, number);
	entry->type = DT_CHR;
	entries_add(added, entry);
	names_add(&made, entry->path);
}

/* Make a node for each device in the file @list that is new and has none. */
void devices_make(const char *list, struct entries *added)
{
	const struct names now = read_list(list);
	unsigned int number;
	char name[64];
	size_t i;

	for (i = 0; i < now.count; i++)
		if (!has(&before, now.list[i]) &&
		    sscanf(now.list[i], "%u %63[^\n]", &number, name) == 2 &&
		    !has_node(added, number))
			make(number, name, added);
}

/* Remove the nodes that were made. */
void devices_remove(void)
{
	size_t i;

	for (i = 0; i < made.count; i++)
		unlink(made.list[i]);
	made.count = 0;
}
