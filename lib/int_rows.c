// SPDX-License-Identifier: GPL-2.0
/*
 * Int rows - parser of rows of decimal integers that are written to a file
 */
#include <linux/errno.h>
#include <linux/types.h>

#include "int_rows.h"

/* The largest magnitude of a number that fits an s64 with either sign. */
#define MAX_MAGNITUDE	(~0ULL >> 1)

/* The part of a text that has not been parsed yet. */
struct cursor {
	const char *next;
	const char *end;
};

static bool take(struct cursor *at, char c)
{
	if (at->next == at->end || *at->next != c)
		return false;

	at->next++;
	return true;
}

/* Consumes all digits, even after the number has become too large. */
static int take_digits(struct cursor *at, u64 *value)
{
	const char *first = at->next;
	int err = 0;
	unsigned int digit;

	for (*value = 0; at->next < at->end; at->next++) {
		digit = *at->next - '0';
		if (digit > 9)
			break;
		if (*value > (MAX_MAGNITUDE - digit) / 10)
			err = -ERANGE;
		else
			*value = *value * 10 + digit;
	}
	return at->next == first ? -EINVAL : err;
}

static int take_number(struct cursor *at, const struct int_range *range,
		       s32 *value)
{
	bool is_negative = take(at, '-');
	u64 magnitude;
	s64 number;
	int err;

	if (!is_negative)
		take(at, '+');
	err = take_digits(at, &magnitude);
	if (err)
		return err;

	number = is_negative ? -(s64)magnitude : (s64)magnitude;
	if (number < range->min || number > range->max)
		return -EINVAL;

	*value = number;
	return 0;
}

static int take_row(struct cursor *at, const struct int_range *ranges,
		    int width, s32 *values)
{
	int err;
	int i;

	for (i = 0; i < width; i++) {
		if (i && !take(at, ' '))
			return -EINVAL;
		err = take_number(at, &ranges[i], &values[i]);
		if (err)
			return err;
	}
	return take(at, '\n') || at->next == at->end ? 0 : -EINVAL;
}

/**
 * int_rows_parse() - Parse rows of decimal integers.
 * @text: the text that was written, which is not NUL-terminated
 * @len: its length in bytes; an empty text has no rows
 * @ranges: the range of each number of a row
 * @width: number of numbers in a row, 1 or more
 * @values: array for the numbers, row by row; its content is undefined after an
 *	error
 * @max_rows: number of rows that @values has room for
 *
 * Return: the number of rows, or the error of the first bad row: -ERANGE, which
 * kstrtoll() returns, too, if a number has more than 63 bits; -EINVAL if a
 * number is missing, malformed or out of its range; or -E2BIG if there are more
 * than @max_rows rows.
 * @max_rows rows.
 */
int int_rows_parse(const char *text, size_t len, const struct int_range *ranges,
		   int width, s32 *values, int max_rows)
{
	struct cursor at = { .next = text, .end = text + len };
	int nr = 0;
	int err;

	while (at.next < at.end) {
		if (nr == max_rows)
			return -E2BIG;
		err = take_row(&at, ranges, width, &values[nr * width]);
		if (err)
			return err;
		nr++;
	}
	return nr;
}
