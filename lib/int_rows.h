/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Int rows - parser of rows of decimal integers that are written to a file
 *
 *	5 -3 1\n+12 0 0
 *
 * The caller sets the number of numbers in a row.  One space separates two
 * numbers, and a newline ends a row; the last row may lack it.  Anything else is
 * an error: another space, an empty row, a terminator.  One bad row makes the
 * whole text invalid.
 *
 * sscanf() neither notices a number that is too large nor requires that the format
 * matches the whole text, and kstrtoint() parses a single, terminated number.
 *
 * Nothing here allocates, locks or sleeps, and only @values is written to, so
 * any number of calls may run at the same time.
 */
#ifndef _MODPROOF_INT_ROWS_H
#define _MODPROOF_INT_ROWS_H

#include <linux/types.h>

/**
 * struct int_range - the range of a number
 * @min: the smallest value allowed
 * @max: the largest value allowed
 */
struct int_range {
	s32 min;
	s32 max;
};

int int_rows_parse(const char *text, size_t len, const struct int_range *ranges,
		   int width, s32 *values, int max_rows);

#endif /* _MODPROOF_INT_ROWS_H */
