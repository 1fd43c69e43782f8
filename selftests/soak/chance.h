/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Chance - numbers that look random and follow from a seed
 *
 * Each step of each task has numbers of its own.  What a task does is therefore
 * the same again with the same seed, whatever its calls gave.
 */
#ifndef _SELFTESTS_SOAK_CHANCE_H
#define _SELFTESTS_SOAK_CHANCE_H

#include <linux/types.h>

struct chance {
	__u64 state;
};

/* SplitMix64, as Steele, Lea and Flood have it (OOPSLA 2014). */
static inline __u64 chance_next(struct chance *chance)
{
	__u64 bits;

	chance->state += 0x9e3779b97f4a7c15;
	bits = chance->state;
	bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9;
	bits = (bits ^ bits >> 27) * 0x94d049bb133111eb;
	return bits ^ bits >> 31;
}

/* Gives one of 0..nr - 1. */
static inline __u64 chance_below(struct chance *chance, __u64 nr)
{
	return chance_next(chance) % nr;
}

/* Gives true once in so many times. */
static inline int chance_once_in(struct chance *chance, __u64 nr)
{
	return !chance_below(chance, nr);
}

static inline void chance_mix(struct chance *chance, __u64 value)
{
	chance->state = chance_next(chance) ^ value;
}

/* Begins with the numbers of one step. */
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
