// SPDX-License-Identifier: GPL-2.0
/*
 * Memory - the memory of the kernel for each open file
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

#define CGROUP		"/run/bench-cgroup"
#define NR_FILES	20000
/* The buffer of a file that was read is 18 times as large as a file. */
#define NR_READ_FILES	5000
/* A process takes much longer to start than a file to open. */
#define NR_PROCESSES	2400
/* The files of both sides, each with all repetitions and one more. */
#define NR_DESCRIPTORS	(2 * (NR_REPETITIONS + 1) * NR_FILES + 100)
#define SETTLE_SECONDS	5
#define STACK_SIZE	65536

/**
 * struct held - files of one kind that are kept open
 * @module: the module that has the file, or NULL
 * @path: the file
 * @is_read: true if the file is read once, which makes a seq_file allocate
 * @is_shared: true if each file is opened by a process of its own, which
 *	shares the table of files
 */
struct held {
	const char *module;
	const char *path;
	bool is_read;
	bool is_shared;
};

static const struct held_pair {
	const char *name;
	struct held ours, other;
} held_pairs[] = {
	{ "helloworld", { "procfs1", "/proc/helloworld", false, false },
	  { "bench_base", "/proc/bench_bytes", false, false } },
	{ "buffer1k", { "procfs2", "/proc/buffer1k", false, false },
	  { "bench_base", "/proc/bench_bytes", false, false } },
	{ "full_ex", { "full_ex", "/proc/full_ex", false, true },
	  { "bench_base", "/proc/bench_bytes", false, true } },
	{ "iter", { "procfs4", "/proc/iter", true, false },
	  { "bench_base", "/proc/devices", true, false } },
	{ "watched",
	  { "hello-6", "/sys/module/hello_6/parameters/watched", true, false },
	  { "bench_base", "/sys/module/bench_base/parameters/plain", true,
	    false } },
};

/*
 * Moves this process to a control group, because the kernel accounts memory
 * only in a group that is not the root.
 */
static void enter_cgroup(void)
{
	char pid[16];

	mkdir(CGROUP, 0700);
	if (mount("none", CGROUP, "cgroup2", 0, NULL) && errno != EBUSY)
		skip("needs CONFIG_CGROUPS");
	write_file(CGROUP "/cgroup.subtree_control", "+memory");
	if (mkdir(CGROUP "/bench", 0700) && errno != EEXIST)
		fail("mkdir: %s", strerror(errno));
	snprintf(pid, sizeof(pid), "%d", getpid());
	write_file(CGROUP "/bench/cgroup.procs", pid);
}

/*
 * Lets the kernel take back the slabs that each processor keeps for itself.  It
 * counts all objects of such a slab as used.
 */
static void shrink_slabs(void)
{
	glob_t found;
	size_t i;

	if (glob("/sys/kernel/slab/*/shrink", GLOB_NOSORT, NULL, &found))
		fail("/sys/kernel/slab has no caches");
	for (i = 0; i < found.gl_pathc; i++)
		write_file(found.gl_pathv[i], "1");
	globfree(&found);
}

/*
 * Returns the number of bytes of a cache's objects, from its line of
 * /proc/slabinfo, see slab(5).  An object's share of what its slab has over
 * belongs to it.  Free objects are not counted: how many there are depends on
 * what ran before.
 */
static double cache_bytes(const char *line)
{
	unsigned long active, in_slab, pages;

	if (sscanf(line, "%*s %lu %*u %*u %lu %lu", &active, &in_slab,
		   &pages) != 3)
		return 0;
	return (double)active * pages * sysconf(_SC_PAGESIZE) / in_slab;
}

/* Returns the number of bytes of all slab caches' objects. */
static double slab_bytes(void)
{
	char line[256];
	double bytes = 0;
	FILE *slabs;

	/*
	 * Wait until the kernel has freed what ended processes had.  In a guest
	 * whose clock counts instructions, sleep takes no time.
	 */
	sleep(SETTLE_SECONDS);
	shrink_slabs();
	slabs = fopen("/proc/slabinfo", "r");
	if (!slabs)
		skip("needs CONFIG_SLUB_DEBUG");
	while (fgets(line, sizeof(line), slabs))
		bytes += cache_bytes(line);
	fclose(slabs);
	if (!bytes)
		fail("/proc/slabinfo has no objects");
	return bytes;
}

static void open_held(const struct held *held)
{
	char byte;
	const int fd = open_file(held->path, O_RDONLY);

	if (held->is_read)
		read_all(fd, &byte, 1);
}

static int open_and_exit(void *held)
{
	open_held(held);
	_exit(0);
}

/*
 * Lets a process of its own open a file that this process keeps, since the new
 * process shares its table of files.
 */
static void open_by_child(const struct held *held)
{
	static char stack[STACK_SIZE] __aligned(16);
	const pid_t pid = clone(open_and_exit, stack + STACK_SIZE,
				CLONE_VM | CLONE_FILES | CLONE_VFORK | SIGCHLD,
				(void *)held);
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		fail("a process cannot open %s", held->path);
}

/* How many files are opened, so that they outweigh what else the kernel does. */
static int nr_files(const struct held *held)
{
	if (held->is_shared)
		return NR_PROCESSES;
	return held->is_read ? NR_READ_FILES : NR_FILES;
}

static double bytes_for_each(const struct held *held)
{
	const int nr = nr_files(held);
	const double before = slab_bytes();
	int i;

	for (i = 0; i < nr; i++)
		(held->is_shared ? open_by_child : open_held)(held);
	return (slab_bytes() - before) / nr;
}

/* A file stays open until the end, so that its memory is not used again. */
static void measure(const struct held *held, const char *side)
{
	double figures[NR_REPETITIONS];
	int i;

	bytes_for_each(held);
	for (i = 0; i < NR_REPETITIONS; i++)
		figures[i] = bytes_for_each(held);
	print_figures(side, figures);
}

static void run_memory(const struct pair *pair, const char *rest)
{
	const struct held_pair *held = held_pairs;
	size_t i;
	int fd;

	(void)pair;
	for (i = 0; strcmp(held->name, rest); i++, held++) {
		if (i == sizeof(held_pairs) / sizeof(*held_pairs) - 1)
			fail("there is no such pair");
	}
	need_module(held->ours.module, "");
	need_module(held->other.module, "");
	enter_cgroup();
	/* Make the table of files as large as it will be. */
	fd = open_file("/dev/null", O_RDONLY);
	if (dup2(fd, NR_DESCRIPTORS) < 0)
		fail("dup2: %s", strerror(errno));
	measure(&held->ours, "ours");
	measure(&held->other, "other");
}

const struct pair memory_pairs[] = {
	{ "memory-", .run = run_memory },
	{ NULL },
};
