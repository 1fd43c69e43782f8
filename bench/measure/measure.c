// SPDX-License-Identifier: GPL-2.0
/*
 * Measure - run the pairs of the benchmark in a guest, and print their figures
 *
 *	measure [-s | -p] MODULES PAIR...
 *	measure -l
 *
 * MODULES is the directory of the benchmark's own modules.  -s measures fewer
 * rounds; -p runs the operations for profile_plugin.c instead of measuring them;
 * -l prints the names of the pairs.  The output is a KTAP document.  A
 * comment before the result of a pair has the figures of one side:
 *
 *	# figures full_ex-rw ours 1638.2 1638.0 1638.1 1638.0 1638.4
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"
#include "modules.h"

/* A spread above this one is measured again, with more rounds. */
#define MAX_SPREAD	0.05
#define MAX_TRIES	3
#define MORE_ROUNDS	3
#define SKIPPED		4
/* A profile runs this part of the rounds. */
#define PROFILE_PART	20
#define REASON_SIZE	256

static const struct pair *const tables[] = {
	file_pairs, part_pairs, device_pairs, holder_pairs, memory_pairs,
	module_pairs,
};

int short_form = 1;
static bool is_profile;
static const char *running;
/* The reason why a pair failed or was skipped; its process shares the memory. */
static char *reason;

void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reason, REASON_SIZE, format, args);
	va_end(args);
	fflush(stdout);
	_exit(EXIT_FAILURE);
}

void skip(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reason, REASON_SIZE, format, args);
	va_end(args);
	fflush(stdout);
	_exit(SKIPPED);
}

void print_figures(const char *side, const double figures[NR_REPETITIONS])
{
	int i;

	printf("# figures %s %s", running, side);
	for (i = 0; i < NR_REPETITIONS; i++)
		printf(" %.2f", figures[i]);
	printf("\n");
}

static int compare(const void *left, const void *right)
{
	const double a = *(const double *)left;
	const double b = *(const double *)right;

	return (a > b) - (a < b);
}

static double spread(const double figures[NR_REPETITIONS])
{
	double sorted[NR_REPETITIONS];

	memcpy(sorted, figures, sizeof(sorted));
	qsort(sorted, NR_REPETITIONS, sizeof(*sorted), compare);
	return (sorted[NR_REPETITIONS - 1] - sorted[0]) /
	       sorted[NR_REPETITIONS / 2];
}

static double measure(const struct pair *pair, void (*operation)(long nr),
		      long rounds)
{
	__u64 (*clock)(void) = pair->clock ? pair->clock : all_instructions;
	__u64 begin;

	if (pair->pause)
		pair->pause();
	begin = clock();
	operation(rounds);
	return (double)(clock() - begin) / rounds / (pair->per ? pair->per : 1);
}

/*
 * At these two functions, profile_plugin.c begins to count and ends.  The
 * instruction in them keeps the compiler from merging them.
 */
static noinline void profile_begin(void)
{
	asm volatile("nop");
}

static noinline void profile_end(void)
{
	asm volatile("nop; nop");
}

static void run_profile(const struct pair *pair, void (*operation)(long nr))
{
	const long rounds = pair->is_fixed ? pair->rounds :
					     pair->rounds / PROFILE_PART + 1;

	measure(pair, operation, rounds);
	if (pair->pause)
		pair->pause();
	profile_begin();
	operation(rounds);
	profile_end();
	printf("# profile %s %ld\n", running,
	       rounds * (pair->per ? pair->per : 1));
}

void run_timed(const struct pair *pair, const char *rest)
{
	double other[NR_REPETITIONS];
	double ours[NR_REPETITIONS];
	long rounds = pair->rounds;
	int i, try;

	(void)rest;
	if (!pair->is_fixed)
		rounds = rounds / short_form + 1;
	if (pair->init)
		pair->init();
	if (is_profile) {
		run_profile(pair, pair->ours);
		run_profile(pair, pair->other);
		return;
	}
	for (try = 0; try < (short_form > 1 ? 2 : MAX_TRIES); try++) {
		measure(pair, pair->ours, rounds / 10 + 1);
		measure(pair, pair->other, rounds / 10 + 1);
		for (i = 0; i < NR_REPETITIONS; i++) {
			ours[i] = measure(pair, pair->ours, rounds);
			other[i] = measure(pair, pair->other, rounds);
		}
		if (spread(ours) <= MAX_SPREAD && spread(other) <= MAX_SPREAD)
			break;
		if (!pair->is_fixed)
			rounds *= MORE_ROUNDS;
	}
	print_figures("ours", ours);
	print_figures("other", other);
}

/*
 * Finds the pair @name, and sets @rest to what follows the name in the table.
 */
static const struct pair *find_pair(const char *name, const char **rest)
{
	const struct pair *pair;
	size_t i, len;

	for (i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		for (pair = tables[i]; pair->name; pair++) {
			len = strlen(pair->name);
			*rest = name + len;
			if (pair->name[len - 1] == '-' ?
			    !strncmp(name, pair->name, len) :
			    !strcmp(name, pair->name))
				return pair;
		}
	}
	return NULL;
}

static int run_pair(const char *name)
{
	const char *rest;
	const struct pair *pair = find_pair(name, &rest);

	running = name;
	if (!pair)
		fail("there is no such pair");
	if (is_profile && !pair->ours)
		skip("it has no operation that can be repeated");
	if (pair->run)
		pair->run(pair, rest);
	else
		run_timed(pair, rest);
	return 0;
}

/* Runs a pair in a new process, and returns its exit status. */
static int run_apart(const char *name)
{
	int status;
	pid_t pid;

	fflush(stdout);
	*reason = '\0';
	pid = fork();
	if (!pid) {
		status = run_pair(name);
		fflush(stdout);
		_exit(status);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return EXIT_FAILURE;
	if (WIFSIGNALED(status)) {
		snprintf(reason, REASON_SIZE, "killed by signal %d",
			 WTERMSIG(status));
		return EXIT_FAILURE;
	}
	return WEXITSTATUS(status);
}

static void list_pairs(void)
{
	const struct pair *pair;
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		for (pair = tables[i]; pair->name; pair++)
			puts(pair->name);
	}
}

/* Prints the result of a pair; returns true if it has not failed. */
static bool print_result(int number, const char *name, int status)
{
	const bool is_good = !status || status == SKIPPED;

	printf("%s %d %s", is_good ? "ok" : "not ok", number, name);
	if (status == SKIPPED)
		printf(" # SKIP %s", reason);
	else if (*reason)
		printf(" # %s", reason);
	printf("\n");
	return is_good;
}

/*
 * Gives the host the addresses of the functions of the kernel and its modules,
 * after all modules have been loaded.
 */
static void save_symbols(void)
{
	if (system("/run/busybox cp /proc/kallsyms /run/pulse/shared/"))
		fprintf(stderr, "measure: kallsyms cannot be copied\n");
}

static int run_all(char **names, int nr)
{
	int nr_failed = 0;
	int i;

	printf("KTAP version 1\n1..%d\n", nr);
	for (i = 0; i < nr; i++)
		nr_failed += !print_result(i + 1, names[i],
					   run_apart(names[i]));
	if (is_profile)
		save_symbols();
	return nr_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	const struct rlimit files = { 1000000, 1000000 };
	int option;

	while ((option = getopt(argc, argv, "lps")) != -1) {
		switch (option) {
		case 'l':
			list_pairs();
			return 0;
		case 'p':
			is_profile = true;
			break;
		case 's':
			short_form = 4;
			break;
		default:
			return EXIT_FAILURE;
		}
	}
	if (optind >= argc) {
		fprintf(stderr, "usage: measure [-s | -p] MODULES PAIR...\n");
		return EXIT_FAILURE;
	}
	modules_dir = argv[optind];
	reason = mmap(NULL, REASON_SIZE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (reason == MAP_FAILED) {
		fprintf(stderr, "measure: mmap: %s\n", strerror(errno));
		return EXIT_FAILURE;
	}
	if (setrlimit(RLIMIT_NOFILE, &files)) {
		fprintf(stderr, "measure: RLIMIT_NOFILE: %s\n", strerror(errno));
		return EXIT_FAILURE;
	}
	return run_all(argv + optind + 1, argc - optind - 1);
}
