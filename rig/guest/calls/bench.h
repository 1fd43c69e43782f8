/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bench - draws the arguments of random system calls, and makes the calls
 *
 * The calls are those of calls.h.  What a step draws depends only on the
 * generator that it gets, not on the result of an earlier call.
 */
#ifndef RIG_BENCH_H
#define RIG_BENCH_H

#include <limits.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>

#include "calls.h"
#include "memory.h"
#include "prng.h"

/* The number of bytes that a step fills at most. */
#define BENCH_MAX_BYTES	256

/* Returns 0 or a negative errno. */
static inline int bench_init(struct bench *bench, const struct bench_ops *ops,
			     void *owner)
{
	memset(bench->slots, -1, sizeof(bench->slots));
	if (memory_init(&bench->memory) ||
	    pipe2(bench->pipe, O_NONBLOCK | O_CLOEXEC))
		return -errno;
	bench->ops = ops;
	bench->owner = owner;
	return 0;
}

/*
 * Returns a random size: mostly a small one, often a value near a limit, and
 * sometimes any value.
 */
static inline unsigned long bench_draw_size(struct prng *prng)
{
	static const unsigned long borders[] = {
		0, 1, 16, 80, 128, 256, 1024, 2048, 4096, 65536, INT_MAX,
		UINT_MAX, 1UL << 32, 1UL << 40, LONG_MAX, ULONG_MAX,
	};

	switch (prng_below(prng, 8)) {
	case 0:
		return prng_next(prng);
	case 1:
	case 2:
		return borders[prng_below(prng, CALLS_NR(borders))] + 1 -
		       prng_below(prng, 3);
	default:
		return prng_below(prng, 160);
	}
}

/*
 * Returns the number of an ioctl: mostly the one that is known, or one that the
 * kernel has for all files, and sometimes a number near it, one with a flipped
 * bit, or any number.
 */
static inline unsigned long bench_draw_ioctl(unsigned long known,
					     struct prng *prng)
{
	static const unsigned long general[] = {
		FIGETBSZ, FIOASYNC, FIOCLEX, FIONBIO, FIONREAD, TCGETS,
	};
	unsigned long cmd = known;

	if (!cmd)
		cmd = general[prng_below(prng, CALLS_NR(general))];
	switch (prng_below(prng, 8)) {
	case 0:
		return (unsigned int)prng_next(prng);
	case 1:
		return cmd + 2 - prng_below(prng, 5);
	case 2:
		return cmd ^ 1UL << prng_below(prng, 32);
	default:
		return cmd;
	}
}

static inline void bench_draw_vectors(const struct bench *bench,
				      struct step *step, struct prng *prng)
{
	int i;

	for (i = 0; i < CALLS_MAX_VECTORS; i++) {
		step->vectors[i].iov_base = memory_addr(&bench->memory, prng);
		step->vectors[i].iov_len = bench_draw_size(prng);
	}
}

/*
 * Fills the step's buffer, usually with a text of the node.  @least is the size
 * of the argument of an ioctl.
 */
static inline void bench_draw_bytes(const struct bench *bench,
				    struct step *step, size_t least,
				    struct prng *prng)
{
	const char *text = bench->ops->text(bench, step->node, prng);
	size_t len;

	if (text && prng_once_in(prng, 2))
		step->len = strlen(text);
	if (prng_once_in(prng, 4))
		text = NULL;
	len = step->len < BENCH_MAX_BYTES ? step->len : BENCH_MAX_BYTES;
	memory_fill(&bench->memory, step->addr, len > least ? len : least, text,
		    prng);
}

static inline void bench_draw(const struct bench *bench, struct step *step,
			      struct prng *prng)
{
	const struct calls_ioctl known = bench->ops->ioctl(bench, prng);

	step->slot = prng_below(prng, CALLS_NR_SLOTS);
	step->other = prng_below(prng, CALLS_NR_SLOTS);
	step->node = bench->ops->draw_node(bench, prng);
	step->number = prng_next(prng);
	step->cmd = bench_draw_ioctl(known.cmd, prng);
	step->len = bench_draw_size(prng);
	step->offset = prng_once_in(prng, 2) ? 0 : bench_draw_size(prng);
	step->addr = memory_addr(&bench->memory, prng);
	bench_draw_vectors(bench, step, prng);
	bench_draw_bytes(bench, step, known.size, prng);
}

/* Makes one random call, one that only looks if @only_looks. */
static inline void bench_step(struct bench *bench, bool only_looks,
			      struct prng *prng)
{
	struct step step;

	do {
		step.call = &calls[prng_below(prng, CALLS_NR(calls))];
	} while (only_looks && !step.call->only_looks);
	bench_draw(bench, &step, prng);
	if (bench->ops->begin)
		bench->ops->begin(bench, &step);
	bench->ops->look(bench, step.call->name, step.call->make(bench, &step));
}

/* Closes all files of the bench. */
static inline void bench_close(struct bench *bench)
{
	int i;

	for (i = 0; i < CALLS_NR_SLOTS; i++)
		bench->ops->look(bench, "close", close_slot(bench, i));
}

#endif /* RIG_BENCH_H */
