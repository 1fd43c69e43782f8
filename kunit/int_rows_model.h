/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Int rows model - rows of decimal integers, parsed one number at a time
 *
 * To find a number that does not fit 64 bits, the model compares its digits, as
 * text, with those of the largest number.  So no calculation can overflow.
 */
#ifndef _MODPROOF_INT_ROWS_MODEL_H
#define _MODPROOF_INT_ROWS_MODEL_H

#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "int_rows.h"

/* Computes the number of @nr digits.  Returns -ERANGE if it is too large. */
static inline int int_rows_model_digits(const char *digits, size_t nr, s64 *number)
{
	static const char largest[] = "9223372036854775807";

	for (; nr && *digits == '0'; nr--)
		digits++;
	if (nr > strlen(largest) ||
	    (nr == strlen(largest) && memcmp(digits, largest, nr) > 0))
		return -ERANGE;

	for (*number = 0; nr; nr--)
		*number = *number * 10 + (*digits++ - '0');
	return 0;
}

/*
 * Parses one number, and advances *@text past it.  A sign without digits is not
 * a number.
 */
static inline int int_rows_model_number(const char **text, const char *end,
					s64 *number)
{
	const bool is_negative = *text < end && **text == '-';
	const bool is_signed = is_negative || (*text < end && **text == '+');
	const char *digits = *text + is_signed;
	size_t nr = 0;
	int err;

	while (digits + nr < end && strchr("0123456789", digits[nr]) && digits[nr])
		nr++;
	if (!nr)
		return -EINVAL;
	err = int_rows_model_digits(digits, nr, number);
	if (err)
		return err;

	*text = digits + nr;
	if (is_negative)
		*number = -*number;
	return 0;
}

static inline int int_rows_model_parse(const char *text, size_t len,
				       const struct int_range *ranges, int width,
				       s32 *values, int max_rows)
{
	const char *end = text + len;
	s64 number;
	int nr;
	int err;

	for (nr = 0; text < end; nr++) {
		const struct int_range *range = &ranges[nr % width];
		const bool is_last = nr % width == width - 1;

		if (nr == max_rows * width)
			return -E2BIG;
		err = int_rows_model_number(&text, end, &number);
		if (err)
			return err;
		if (number < range->min || number > range->max)
			return -EINVAL;
		values[nr] = number;

		if (text == end)
			return is_last ? nr / width + 1 : -EINVAL;
		if (*text++ != (is_last ? '\n' : ' '))
			return -EINVAL;
	}
	return nr % width ? -EINVAL : nr / width;
}

#endif /* _MODPROOF_INT_ROWS_MODEL_H */
