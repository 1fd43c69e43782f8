// SPDX-License-Identifier: GPL-2.0
/*
 * Leak - let the rig's script find memory leaks with kmemleak
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "guest.h"
#include "ktap.h"
#include "leak.h"
#include "task.h"

#define KMEMLEAK	"/sys/kernel/debug/kmemleak"
/* The seconds that the scans may take. */
#define LIMIT		120
/* The number of leaks with diagnostics. */
#define NOTES		5

static int leaks;

/* Return true if the kernel has kmemleak. */
bool leak_is_known(void)
{
	return !access(KMEMLEAK, W_OK);
}

/* Make the kernel forget the leaks that it has reported. */
void leak_clear(void)
{
	const int fd = open(KMEMLEAK, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "clear", strlen("clear")) < 0)
		perror(KMEMLEAK);
	close(fd);
}

/* Count the leaks, and print the first ones. */
static void tell(const char *line)
{
	leaks += !strncmp(line, "unreferenced object", strlen("unreferenced object"));
	if (leaks <= NOTES)
		ktap_note("%s", line);
}

/* Return a reason if the module has leaked memory in @loads. */
const char *leak_find(int loads)
{
	char dir[PATH_MAX], script[PATH_MAX + 8];
	char * const argv[] = { script, NULL };
	const char *reason;

	guest_find_scripts(dir, sizeof(dir));
	snprintf(script, sizeof(script), "%s/leaks", dir);
	leaks = 0;
	reason = command_run(argv, slow(LIMIT), tell);
	if (reason)
		return because("the scan: %s", reason);
	if (!leaks)
		return NULL;
	/* The next module and the scan at the guest's end must not find them. */
	leak_clear();
	return because("%d object%s leaked in %d load%s", leaks, leaks == 1 ? "" : "s",
		       loads, loads == 1 ? "" : "s");
}
