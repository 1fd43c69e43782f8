/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Chance - pseudo-random numbers that follow from a seed
 *
 * Each step of each task has numbers of its own.  With the same seed a task
 * therefore does the same again, whatever its calls return.
 */
#ifndef _SELFTESTS_SOAK_CHANCE_H
#define _SELFTESTS_SOAK_CHANCE_H

#include <linux/types.h>

struct chance {
	__u64 state;
};

/* SplitMix64, by Steele, Lea and Flood (OOPSLA 2014). */
static inline __u64 chance_next(struct chance *chance)
{
	__u64 bits;

	chance->state += 0x9e3779b97f4a7c15;
	bits = chance->state;
	bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9;
	bits = (bits ^ bits >> 27) * 0x94d049bb133111eb;
	return bits ^ bits >> 31;
}

/* Returns one of 0..@nr - 1. */
static inline __u64 chance_below(struct chance *chance, __u64 nr)
{
	return chance_next(chance) % nr;
}

/* Returns true once in @nr times on average. */
static inline int chance_once_in(struct chance *chance, __u64 nr)
{
	return !chance_below(chance, nr);
}

static inline void chance_mix(struct chance *chance, __u64 value)
{
	chance->state = chance_next(chance) ^ value;
}

/* Returns the generator of the numbers of one step. */
static inline struct chance chance_of_step(__u64 seed, const char *module,
					   int task, __u64 step)
{
	struct chance chance = { .state = seed };

	while (*module)
		chance_mix(&chance, *module++);
	chance_mix(&chance, task);
	chance_mix(&chance, step);
	return chance;
}

#endif /* _SELFTESTS_SOAK_CHANCE_H */
