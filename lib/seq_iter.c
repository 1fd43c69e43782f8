// SPDX-License-Identifier: GPL-2.0
/*
 * Sequence iterator - consecutive numbers for a seq_file to show
 */
#include <linux/export.h>
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
EXPORT_SYMBOL_GPL(seq_iter_init);

/**
 * seq_iter_start() - Get the number at a position.
 * @iter: the iterator
 * @pos: the position, from 0
 *
 * Return: the number, valid until the next call, or NULL at the end and past it.
 */
u64 *seq_iter_start(struct seq_iter *iter, long long pos)
{
	/* As unsigned, a negative position is past every end. */
	if ((u64)pos >= iter->length)
		return NULL;

	iter->value = iter->first + pos;
	return &iter->value;
}
EXPORT_SYMBOL_GPL(seq_iter_start);

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
EXPORT_SYMBOL_GPL(seq_iter_next);
