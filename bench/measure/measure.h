/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Measure - run the pairs of the benchmark in a guest, and print their figures
 *
 * A pair is an operation of a module, "ours", and what it is compared with,
 * "other".  Each pair runs in a process of its own.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <linux/types.h>
#include <stdbool.h>
#include <x86intrin.h>

#include "compiler.h"

#define NR_REPETITIONS	5

/**
 * struct pair - two operations to compare
 * @name: its name in pairs.tsv.  A name that ends with "-" is the beginning of
 *	the names of several pairs; run() gets the rest.
 * @init: prepares both operations, for example opens files
 * @ours: runs the module's operation @nr times
 * @other: runs the other operation @nr times
 * @pause: runs before each repetition, without being measured, or NULL
 * @rounds: how often a repetition runs each operation
 * @per: the number of units, such as events, in one operation; 0 means 1
 * @is_fixed: true if more rounds are not possible
 * @clock: returns the instructions until now; NULL means all_instructions()
 * @run: runs the pair instead of run_timed(), or NULL
 */
struct pair {
	const char *name;
	void (*init)(void);
	void (*ours)(long nr);
	void (*other)(long nr);
	void (*pause)(void);
	long rounds;
	int per;
	bool is_fixed;
	__u64 (*clock)(void);
	void (*run)(const struct pair *pair, const char *rest);
};

/* Tables of pairs, which an entry without a name ends. */
extern const struct pair file_pairs[];
extern const struct pair part_pairs[];
extern const struct pair device_pairs[];
extern const struct pair holder_pairs[];
extern const struct pair memory_pairs[];
extern const struct pair module_pairs[];

/* The number of rounds is divided by this number; it is 1 in the long form. */
extern int short_form;

/* Measures both operations, repetition by repetition in turn. */
void run_timed(const struct pair *pair, const char *rest);

/* Prints the figures of one side of the pair that runs. */
void print_figures(const char *side, const double figures[NR_REPETITIONS]);

/* Ends this pair with an error, or as skipped. */
void __noreturn __printf(1, 2) fail(const char *format, ...);
void __noreturn __printf(1, 2) skip(const char *format, ...);

/*
 * Returns the time stamp counter, which counts all instructions of the guest,
 * those of interrupts and of other tasks too.
 */
static inline __u64 all_instructions(void)
{
	return __rdtsc();
}

/* Returns the instructions of this task. */
__u64 own_instructions(void);

/* Loads a module of the project or of the benchmark, if it is not loaded. */
void need_module(const char *name, const char *parameters);
/* Loads a module of the kernel; skips the pair if the kernel has none. */
void need_kernel_module(const char *words, const char *symbol);

/* These call the system, and end the pair if the call fails. */
int open_file(const char *path, int flags);
void write_file(const char *path, const char *text);
void write_all(int fd, const void *bytes, long len);
void read_all(int fd, void *bytes, long len);
void write_at(int fd, const void *bytes, long len, long offset);
void read_at(int fd, void *bytes, long len, long offset);
void do_ioctl(int fd, unsigned long cmd, unsigned long arg);

#endif /* MEASURE_H */
