// SPDX-License-Identifier: GPL-2.0
/*
 * Modules - load and unload modules, and measure how long that takes
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "measure.h"
#include "modules.h"

#define BUSYBOX		"/run/busybox"
#define PROJECT_DIR	"/run/ko"
#define NS_IN_S		1000000000ULL

const char *modules_dir;

/*
 * Without other tasks and their interrupts, which load() would count while it
 * waits for a grace period of RCU.
 */
__u64 own_instructions(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec * NS_IN_S + now.tv_nsec;
}

/* Opens the file of a module; returns -1 if there is none. */
static int open_module(const char *name)
{
	const char *dir = strncmp(name, "bench_", 6) ? PROJECT_DIR :
						       modules_dir;
	char path[512];

	snprintf(path, sizeof(path), "%s/%s.ko", dir, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int load(int fd, const char *parameters)
{
	return syscall(SYS_finit_module, fd, parameters, 0);
}

void need_module(const char *name, const char *parameters)
{
	const int fd = open_module(name);

	if (fd < 0)
		skip("%s is not built for this kernel", name);
	if (load(fd, parameters) && errno != EEXIST)
		fail("%s does not load: %s", name, strerror(errno));
	close(fd);
}

void need_kernel_module(const char *words, const char *symbol)
{
	char command[256];

	snprintf(command, sizeof(command), BUSYBOX " modprobe %s", words);
	if (system(command))
		skip("needs CONFIG_%s", symbol);
}

static int ours_fd, other_fd;
static char module_name[64];

static void load_and_unload(int fd, const char *name)
{
	if (load(fd, ""))
		fail("%s does not load: %s", name, strerror(errno));
	if (syscall(SYS_delete_module, name, O_NONBLOCK))
		fail("%s is not unloaded: %s", name, strerror(errno));
}

static void ours(long nr)
{
	while (nr--)
		load_and_unload(ours_fd, module_name);
}

static void other(long nr)
{
	while (nr--)
		load_and_unload(other_fd, "bench_empty");
}

/* Loads the modules that this one needs, and makes sure that it can be loaded. */
static void try_module(const char *name)
{
	char command[128];

	snprintf(command, sizeof(command),
		 BUSYBOX " modprobe %s && " BUSYBOX " rmmod %s", name, name);
	if (system(command))
		fail("%s cannot be loaded and unloaded", name);
}

static void run_module(const struct pair *pair, const char *name)
{
	char *c;

	snprintf(module_name, sizeof(module_name), "%s", name);
	ours_fd = open_module(name);
	other_fd = open_module("bench_empty");
	if (ours_fd < 0 || other_fd < 0)
		skip("%s is not built for this kernel", name);
	try_module(name);
	for (c = module_name; *c; c++) {
		if (*c == '-')
			*c = '_';
	}
	run_timed(pair, name);
}

const struct pair module_pairs[] = {
	{ "load-", NULL, ours, other, .rounds = 2, .is_fixed = true,
	  .clock = own_instructions, .run = run_module },
	{ NULL },
};
