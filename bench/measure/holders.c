// SPDX-License-Identifier: GPL-2.0
/*
 * Holders - processes that keep /proc/full_ex open
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

#define FULL_EX		"/proc/full_ex"
#define NR_HOLDERS	2000
#define STACK_SIZE	4096

/* The processes share this variable. */
static int nr_holding;
static pid_t holders[NR_HOLDERS];

static int hold(void *unused)
{
	(void)unused;
	if (open(FULL_EX, O_RDWR) < 0)
		_exit(1);
	__atomic_add_fetch(&nr_holding, 1, __ATOMIC_RELEASE);
	for (;;)
		pause();
}

/*
 * Starts a process that opens the file.  It shares the memory of this process,
 * because that takes less time and memory.
 */
static pid_t start_holder(char *stack)
{
	const int before = nr_holding;
	const pid_t pid = clone(hold, stack + STACK_SIZE, CLONE_VM | SIGCHLD,
				NULL);

	if (pid < 0)
		fail("clone: %s", strerror(errno));
	while (__atomic_load_n(&nr_holding, __ATOMIC_ACQUIRE) == before) {
		if (waitpid(pid, NULL, WNOHANG))
			fail("a holder cannot open " FULL_EX);
		sched_yield();
	}
	return pid;
}

static void start_holders(void)
{
	char *stacks = mmap(NULL, NR_HOLDERS * STACK_SIZE,
			    PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i;

	if (stacks == MAP_FAILED)
		fail("mmap: %s", strerror(errno));
	for (i = 0; i < NR_HOLDERS; i++)
		holders[i] = start_holder(stacks + i * STACK_SIZE);
}

static void end_holders(void)
{
	int i;

	for (i = 0; i < NR_HOLDERS && holders[i]; i++)
		kill(holders[i], SIGKILL);
	while (wait(NULL) > 0)
		;
}

static void open_and_close(long nr)
{
	while (nr--)
		close(open_file(FULL_EX, O_RDWR));
}

static double measure(long rounds)
{
	const __u64 begin = all_instructions();

	open_and_close(rounds);
	return (double)(all_instructions() - begin) / rounds;
}

/* Measures first without holders, then with them. */
static void run_holders(const struct pair *pair, const char *rest)
{
	double figures[NR_REPETITIONS];
	int i;

	(void)rest;
	need_module("full_ex", "");
	measure(pair->rounds);
	for (i = 0; i < NR_REPETITIONS; i++)
		figures[i] = measure(pair->rounds);
	print_figures("other", figures);

	start_holders();
	measure(pair->rounds);
	for (i = 0; i < NR_REPETITIONS; i++)
		figures[i] = measure(pair->rounds);
	end_holders();
	print_figures("ours", figures);
}

const struct pair holder_pairs[] = {
	{ "full_ex-open-2000", .rounds = 1000, .run = run_holders },
	{ NULL },
};
