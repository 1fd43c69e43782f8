/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sequence iterator - consecutive numbers for a seq_file to show
 *
 * Each number depends only on its position.  So a reader gets the same bytes
 * for every size of its buffer and after a seek, and seq_file may ask again for
 * a number that did not fit into its buffer.  seq_iter_start() has no side
 * effect, there is nothing to free, and a reader at the end of the file stays
 * there until it seeks.
 *
 *	position	0	1	2	3 ...
 *	value		first	first+1	first+2	(none: the length is 3)
 *
 * The helpers of seq_file, such as seq_list_start(), iterate over lists only.
 *
 * Nothing here allocates, locks or sleeps; a seq_file serialises the calls.
 */
#ifndef _MODPROOF_SEQ_ITER_H
#define _MODPROOF_SEQ_ITER_H

#include <linux/types.h>

/**
 * struct seq_iter - the numbers that one open of a file shows
 * @first: value at position 0
 * @length: how many values there are, 0..LLONG_MAX
 * @value: the value that seq_iter_start() or seq_iter_next() returned last
 */
struct seq_iter {
	u64 first;
	u64 length;
	u64 value;
};

void seq_iter_init(struct seq_iter *iter, u64 first, u64 length);
u64 *seq_iter_start(struct seq_iter *iter, long long pos);
u64 *seq_iter_next(struct seq_iter *iter, long long *pos);

#endif /* _MODPROOF_SEQ_ITER_H */
