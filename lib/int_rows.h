/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Int rows - what was written to a file, as rows of decimal integers
 *
 *	5 -3 1\n+12 0 0
 *
 * A row has as many numbers as the caller says, with one space between two of
 * them and a newline between two rows; behind the last row it may be missing.
 * Nothing else may stand anywhere: no other space, no empty row, no terminator.
 * One bad row spoils all of them.
 *
 * Nothing here allocates, locks or sleeps, and only @values is written to, so
 * any number of calls may run at the same time.
 */
#ifndef _MODPROOF_INT_ROWS_H
#define _MODPROOF_INT_ROWS_H

#include <linux/types.h>

/**
 * struct int_range - what a number may be
 * @min: the least
 * @max: the greatest
 */
struct int_range {
	s32 min;
	s32 max;
};

int int_rows_parse(const char *text, size_t len, const struct int_range *ranges,
		   int width, s32 *values, int max_rows);

#endif /* _MODPROOF_INT_ROWS_H */
