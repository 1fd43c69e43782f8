/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Int rows - parser of rows of decimal integers that are written to a file
 *
 *	5 -3 1\n+12 0 0
 *
 * The caller sets how many numbers a row has.  One space separates two numbers,
 * and a newline ends a row.  The last row may lack the newline.  Anything else
 * is an error, such as a second space, an empty row or a NUL.  One bad row
 * makes the whole text invalid.
 *
 * sscanf() does not detect that a number is too large, nor does it require that
 * the format matches the whole text.  kstrtoint() parses only one number, which
 * must be NUL-terminated.
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
