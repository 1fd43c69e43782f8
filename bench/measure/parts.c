// SPDX-License-Identifier: GPL-2.0
/*
 * Parts - the parts of lib/, measured in the kernel, and the check of the clock
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../bench_base.h"
#include "measure.h"

/* The longest time to wait until the workers of the kernel's boot have ended. */
#define BOOT_SECONDS	20
/* The largest error of the clock, as a share. */
#define MAX_ERROR	0.02

static int base;

static void ten_instructions(long nr)
{
	asm volatile("1: nop; nop; nop; nop; nop; nop; nop; nop\n\t"
		     "dec %0; jnz 1b" : "+r" (nr));
}

/* Returns how many instructions the time stamp counter counts for one. */
static double error_of_clock(long rounds)
{
	const __u64 begin = all_instructions();

	ten_instructions(rounds);
	return (double)(all_instructions() - begin) / rounds / 10 - 1;
}

/*
 * Fails unless the time stamp counter counts instructions.  In the first seconds
 * after the boot, it counts those of the kernel's workers too.  In such a guest,
 * sleep takes no time.
 */
static void run_clock(const struct pair *pair, const char *rest)
{
	double error;
	int i;

	for (i = 0; i < BOOT_SECONDS; i++) {
		sleep(1);
		error = error_of_clock(pair->rounds);
		if (i >= BOOT_SECONDS / 2 && error > -MAX_ERROR &&
		    error < MAX_ERROR)
			break;
	}
	if (i == BOOT_SECONDS)
		fail("an instruction counts as %.3f", 1 + error);
	run_timed(pair, rest);
}

static void init_base(void)
{
	need_module("bench_base", "");
	base = open_file("/dev/bench_base", O_RDWR);
}

static void ours_deque(long nr) { do_ioctl(base, BENCH_BASE_DEQUE, nr); }
static void other_kfifo(long nr) { do_ioctl(base, BENCH_BASE_KFIFO, nr); }

static void ours_owners(long nr)
{
	do_ioctl(base, BENCH_BASE_OWNERS_MANY, nr);
}

static void other_owners(long nr)
{
	do_ioctl(base, BENCH_BASE_OWNERS_ONE, nr);
}

/* Makes the tables before the first repetition, which would count that. */
static void init_owners(void)
{
	init_base();
	ours_owners(0);
	other_owners(0);
}

/* The memory of a table does not change, so it is read once. */
static void run_bytes(const struct pair *pair, const char *rest)
{
	double ours[NR_REPETITIONS], other[NR_REPETITIONS];
	int i, bytes;

	(void)pair;
	(void)rest;
	init_base();
	bytes = ioctl(base, BENCH_BASE_OWNERS_BYTES);
	if (bytes < 0)
		fail("the table cannot be made: %s", strerror(errno));
	for (i = 0; i < NR_REPETITIONS; i++) {
		ours[i] = (double)bytes / BENCH_BASE_OWNERS;
		/* A pointer to the owner, and the links of an hlist_node. */
		other[i] = 3 * sizeof(void *);
	}
	print_figures("ours", ours);
	print_figures("other", other);
}

const struct pair part_pairs[] = {
	{ "clock", NULL, ten_instructions, ten_instructions, .rounds = 500000,
	  .run = run_clock },
	{ "deque", init_base, ours_deque, other_kfifo, .rounds = 200000 },
	{ "owner_table-million", init_owners, ours_owners, other_owners,
	  .rounds = 50000 },
	{ "owner_table-bytes", .run = run_bytes },
	{ NULL },
};
