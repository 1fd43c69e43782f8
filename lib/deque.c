// SPDX-License-Identifier: GPL-2.0
/*
 * Deque - a double-ended queue of 32-bit values in a ring that the caller owns
 *
 * The indices are free-running: they are never reset when the ring wraps, and
 * the mask is applied to them on each access, as in lib/kfifo.c.
 */
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/types.h>

#include "deque.h"

/**
 * deque_init() - Make an empty deque over a ring of slots.
 * @dq: the deque
 * @slots: the ring, which must outlive @dq
 * @nr_slots: number of slots, a power of two
 * @capacity: the largest number of values the deque may hold, 1..@nr_slots
 *
 * Return: 0, or -EINVAL if @nr_slots or @capacity is out of its range.
 */
int deque_init(struct deque *dq, s32 *slots, u32 nr_slots, u32 capacity)
{
	if (!is_power_of_2(nr_slots) || !capacity || capacity > nr_slots)
		return -EINVAL;

	*dq = (struct deque){
		.slots = slots,
		.mask = nr_slots - 1,
		.capacity = capacity,
	};
	return 0;
}

/**
 * deque_length() - Count the values in a deque.
 * @dq: the deque
 *
 * Return: number of values, 0..capacity.
 */
u32 deque_length(const struct deque *dq)
{
	return dq->right - dq->left;
}

/**
 * deque_is_empty() - Check whether a deque is empty.
 * @dq: the deque
 *
 * Return: true if a pop or a peek would fail.
 */
bool deque_is_empty(const struct deque *dq)
{
	return deque_length(dq) == 0;
}

/**
 * deque_is_full() - Check whether a deque is full.
 * @dq: the deque
 *
 * Return: true if a push would fail.
 */
bool deque_is_full(const struct deque *dq)
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
int deque_push_left(struct deque *dq, s32 value)
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
int deque_push_right(struct deque *dq, s32 value)
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
int deque_peek_left(const struct deque *dq, s32 *value)
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
int deque_peek_right(const struct deque *dq, s32 *value)
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
int deque_pop_left(struct deque *dq, s32 *value)
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
int deque_pop_right(struct deque *dq, s32 *value)
{
	int err = deque_peek_right(dq, value);

	if (!err)
		dq->right--;
	return err;
}
