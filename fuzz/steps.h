/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Steps - count the instructions of a piece of code by single-stepping
 *
 * The processor traps after each instruction, and a signal handler counts the
 * traps.  So the number does not depend on the load of the machine.  A
 * performance counter is not used, because a virtual machine may lack it.
 * Single-stepping is slow: a thousand instructions take milliseconds.
 */
#ifndef _HOST_STEPS_H
#define _HOST_STEPS_H

#include <linux/compiler.h>
#include <signal.h>

static long steps_nr;

static inline void steps_count(int signal)
{
	(void)signal;
	__atomic_fetch_add(&steps_nr, 1, __ATOMIC_RELAXED);
}

/*
 * steps_begin() sets the trap flag of x86 and steps_end() clears it.  The
 * instructions between the two are counted.
 */
static __always_inline void steps_begin(void)
{
	__atomic_store_n(&steps_nr, 0, __ATOMIC_RELAXED);
	asm volatile("pushfq; orq $0x100, (%%rsp); popfq" ::: "memory", "cc");
}

static __always_inline long steps_end(void)
{
	asm volatile("pushfq; andq $~0x100, (%%rsp); popfq" ::: "memory", "cc");
	return __atomic_load_n(&steps_nr, __ATOMIC_RELAXED);
}

#endif /* _HOST_STEPS_H */
