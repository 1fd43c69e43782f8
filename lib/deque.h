/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Deque - a double-ended queue of 32-bit values in a ring that the caller owns
 *
 * The number of slots is a power of two.  The capacity may be any number up to
 * the number of slots.  @left and @right are free-running: they wrap only at
 * 2^32, and @mask is applied to them on each access.  So their difference is
 * always the length, even after they have wrapped:
 *
 *	slots   | 9 |   |   |   |   |   | 7 | 8 |	mask = 7
 *	              ^                   ^
 *	          right = 9            left = 6		length = 9 - 6 = 3
 *
 * A kfifo is not used, because it can add values at only one end and remove
 * them only at the other end.
 *
 * Nothing here allocates, locks or sleeps.  The caller serialises the calls for
 * a deque:
 *
 *		|  push, pop  | peek, length, is_empty, is_full
 *   push, pop  |      L      |                L
 *   peek, ...  |             |                -
 *
 * "L" means that the caller holds one lock during both calls; "-" means that no
 * lock is needed.  A function that returns an error has changed neither the
 * deque nor what its arguments point to.  A zeroed struct deque has capacity 0
 * and no values: it is both empty and full.
 */
#ifndef _MODPROOF_DEQUE_H
#define _MODPROOF_DEQUE_H

#include <linux/types.h>

/**
 * struct deque - a double-ended queue
 * @slots: the ring, owned by the caller
 * @mask: number of slots minus 1
 * @capacity: the largest number of values the deque may hold, 0..@mask + 1
 * @left: free-running index of the leftmost value
 * @right: free-running index of the slot after the rightmost value
 */
struct deque {
	s32 *slots;
	u32 mask;
	u32 capacity;
	u32 left;
	u32 right;
};

int deque_init(struct deque *dq, s32 *slots, u32 nr_slots, u32 capacity);
u32 deque_length(const struct deque *dq);
bool deque_is_empty(const struct deque *dq);
bool deque_is_full(const struct deque *dq);
int deque_push_left(struct deque *dq, s32 value);
int deque_push_right(struct deque *dq, s32 value);
int deque_peek_left(const struct deque *dq, s32 *value);
int deque_peek_right(const struct deque *dq, s32 *value);
int deque_pop_left(struct deque *dq, s32 *value);
int deque_pop_right(struct deque *dq, s32 *value);

#endif /* _MODPROOF_DEQUE_H */
