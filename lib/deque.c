// SPDX-License-Identifier: GPL-2.0
/*
 * Deque - a double-ended queue of 32-bit values in a ring that the caller owns
 *
 * The functions for each value are inline, in deque.h, as those of kfifo.h and
 * llist.h are.
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
