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
 * The functions that are called for each value are inline: they are shorter than
 * a call and a return.
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

#include <linux/errno.h>
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

/**
 * deque_length() - Count the values in a deque.
 * @dq: the deque
 *
 * Return: number of values, 0..capacity.
 */
static inline u32 deque_length(const struct deque *dq)
{
	return dq->right - dq->left;
}

/**
 * deque_is_empty() - Check whether a deque is empty.
 * @dq: the deque
 *
 * Return: true if a pop or a peek would fail.
 */
static inline bool deque_is_empty(const struct deque *dq)
{
	return deque_length(dq) == 0;
}

/**
 * deque_is_full() - Check whether a deque is full.
 * @dq: the deque
 *
 * Return: true if a push would fail.
 */
static inline bool deque_is_full(const struct deque *dq)
{
	return deque_length(dq) == dq->capacity;
}

/**
 * deque_push_left() - Add a value at the left end.
 * @dq: the deque
 * @value: any value
 *
 * Return: 0, or -ENOSPC if the deque is full.
 */
static inline int deque_push_left(struct deque *dq, s32 value)
{
	if (deque_is_full(dq))
		return -ENOSPC;

	dq->slots[--dq->left & dq->mask] = value;
	return 0;
}

/**
 * deque_push_right() - Add a value at the right end.
 * @dq: the deque
 * @value: any value
 *
 * Return: 0, or -ENOSPC if the deque is full.
 */
static inline int deque_push_right(struct deque *dq, s32 value)
{
	if (deque_is_full(dq))
		return -ENOSPC;

	dq->slots[dq->right++ & dq->mask] = value;
	return 0;
}

/**
 * deque_peek_left() - Read the leftmost value and leave it there.
 * @dq: the deque
 * @value: set to the value
 *
 * Return: 0, or -ENODATA if the deque is empty.
 */
static inline int deque_peek_left(const struct deque *dq, s32 *value)
{
	if (deque_is_empty(dq))
		return -ENODATA;

	*value = dq->slots[dq->left & dq->mask];
	return 0;
}

/**
 * deque_peek_right() - Read the rightmost value and leave it there.
 * @dq: the deque
 * @value: set to the value
 *
 * Return: 0, or -ENODATA if the deque is empty.
 */
static inline int deque_peek_right(const struct deque *dq, s32 *value)
{
	if (deque_is_empty(dq))
		return -ENODATA;

	*value = dq->slots[(dq->right - 1) & dq->mask];
	return 0;
}

/**
 * deque_pop_left() - Remove the leftmost value and return it.
 * @dq: the deque
 * @value: set to the value
 *
 * Return: 0, or -ENODATA if the deque is empty.
 */
static inline int deque_pop_left(struct deque *dq, s32 *value)
{
	int err = deque_peek_left(dq, value);

	if (!err)
		dq->left++;
	return err;
}

/**
 * deque_pop_right() - Remove the rightmost value and return it.
 * @dq: the deque
 * @value: set to the value
 *
 * Return: 0, or -ENODATA if the deque is empty.
 */
static inline int deque_pop_right(struct deque *dq, s32 *value)
{
	int err = deque_peek_right(dq, value);

	if (!err)
		dq->right--;
	return err;
}

#endif /* _MODPROOF_DEQUE_H */
