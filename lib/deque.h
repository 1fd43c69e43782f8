/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Deque - a double-ended queue of 32-bit values in a ring that the caller owns
 *
 * The ring has a power-of-two number of slots; the capacity may be any number
 * up to that.  @left and @right run free and are masked on access, so that
 * their difference is the length, whatever they have wrapped to:
 *
 *	slots   | 9 |   |   |   |   |   | 7 | 8 |	mask = 7
 *	              ^                   ^
 *	          right = 9            left = 6		length = 9 - 6 = 3
 *
 * A kfifo is not used, because it adds at one end and removes at the other one
 * only.
 *
 * Nothing here allocates, locks or sleeps.  The caller serialises:
 *
 *		|  push, pop  | peek, length, is_empty, is_full
 *   push, pop  |      L      |                L
 *   peek, ...  |             |                -
 *
 * "L" needs a lock around both, "-" needs none.  A function that returns an
 * error has changed neither the deque nor what its arguments point to.  A
 * zeroed struct has no room and no values: it is both empty and full.
 */
#ifndef _MODPROOF_DEQUE_H
#define _MODPROOF_DEQUE_H

#include <linux/types.h>

/**
 * struct deque - a double-ended queue
 * @slots: the ring, owned by the caller
 * @mask: number of slots less one
 * @capacity: most values at once, 0..@mask + 1
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
