/* SPDX-License-Identifier: GPL-2.0 */
/*
 * PRNG - pseudo-random numbers that depend on a seed
 *
 * Each step of each task has random numbers of its own.  With the same seed, a
 * task therefore makes the same calls again, no matter what they return.
 */
#ifndef RIG_PRNG_H
#define RIG_PRNG_H

#include <linux/types.h>

struct prng {
	__u64 state;
};

/* SplitMix64, by Steele, Lea and Flood (OOPSLA 2014). */
static inline __u64 prng_next(struct prng *prng)
{
	__u64 bits;

	prng->state += 0x9e3779b97f4a7c15;
	bits = prng->state;
	bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9;
	bits = (bits ^ bits >> 27) * 0x94d049bb133111eb;
	return bits ^ bits >> 31;
}

/* Returns a random number from 0 to @nr - 1. */
static inline __u64 prng_below(struct prng *prng, __u64 nr)
{
	return prng_next(prng) % nr;
}

/* Returns true once in @nr calls on average. */
static inline int prng_once_in(struct prng *prng, __u64 nr)
{
	return !prng_below(prng, nr);
}

static inline void prng_mix(struct prng *prng, __u64 value)
{
	prng->state = prng_next(prng) ^ value;
}

/* Returns the generator of the random numbers of one step. */
static inline struct prng prng_of_step(__u64 seed, const char *module,
				       int task, __u64 step)
{
	struct prng prng = { .state = seed };

	while (*module)
		prng_mix(&prng, *module++);
	prng_mix(&prng, task);
	prng_mix(&prng, step);
	return prng;
}

#endif /* RIG_PRNG_H */
