// SPDX-License-Identifier: GPL-2.0
/*
 * Sequence iterator - consecutive numbers for a seq_file to show
 */
#include <linux/types.h>

#include "seq_iter.h"

/**
 * seq_iter_init() - Set the numbers to iterate over.
 * @iter: the iterator
 * @first: the first number
 * @length: how many numbers there are, 0..LLONG_MAX
 */
void seq_iter_init(struct seq_iter *iter, u64 first, u64 length)
{
	*iter = (struct seq_iter){ .first = first, .length = length };
}

/**
 * seq_iter_start() - Get the number at a position.
 * @iter: the iterator
 * @pos: the position, from 0
 *
 * Return: the number, valid until the next call, or NULL if @pos is not the
 * position of a number.
 */
u64 *seq_iter_start(struct seq_iter *iter, long long pos)
{
	/* As unsigned, a negative position is larger than any length. */
	if ((u64)pos >= iter->length)
		return NULL;

	iter->value = iter->first + pos;
	return &iter->value;
}

/**
 * seq_iter_next() - Get the number at the next position.
 * @iter: the iterator
 * @pos: the position, which is advanced by one, even at the end
 *
 * Return: the number, valid until the next call, or NULL at the end.
 */
u64 *seq_iter_next(struct seq_iter *iter, long long *pos)
{
	++*pos;
	return seq_iter_start(iter, *pos);
}
