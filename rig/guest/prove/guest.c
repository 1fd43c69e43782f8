// SPDX-License-Identifier: GPL-2.0
/*
 * Guest - read the rig's words on the kernel's command line
 */
#include <stdio.h>
#include <string.h>

#include "guest.h"

#define WORD	"rig.guest="

/*
 * Find the directory of the rig's scripts for guests; return false if this is not
 * a guest.
 */
bool guest_find_scripts(char *path, size_t size)
{
	FILE *file = fopen("/proc/cmdline", "re");
	char line[4096];
	const char *word;

	if (!file || !fgets(line, sizeof(line), file))
		*line = '\0';
	if (file)
		fclose(file);
	word = strstr(line, WORD);
	if (!word)
		return false;
	word += strlen(WORD);
	snprintf(path, size, "%.*s", (int)strcspn(word, "\n "), word);
	return true;
}
