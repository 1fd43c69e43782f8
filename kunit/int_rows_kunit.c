// SPDX-License-Identifier: GPL-2.0
/*
 * Int rows tests - valid and invalid rows and numbers
 *
 * The texts of the tables and the random texts end at the end of a mapping, so
 * a read of one more byte faults.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <linux/types.h>

#include "guard_page.h"
#include "int_rows.h"
#include "int_rows_model.h"

#define MAX_ROWS	4
#define MAX_WIDTH	3
#define RANDOM_SEED	19680309
#define RANDOM_OPS	20000
#define MAX_TEXT	36

#define ANY		{ .min = S32_MIN, .max = S32_MAX }
#define FEW		{ .min = -3, .max = 5 }

static const struct int_range any = ANY;
static const struct int_range few = FEW;

static const struct number_case {
	const char *desc;
	const char *text;
	const struct int_range *range;
	int err;
	s32 value;
} number_cases[] = {
	{ "one digit", "7", &any, 0, 7 },
	{ "several digits", "1234567890", &any, 0, 1234567890 },
	{ "nought", "0", &any, 0, 0 },
	{ "nought with a minus", "-0", &any, 0, 0 },
	{ "a plus", "+12", &any, 0, 12 },
	{ "a minus", "-12", &any, 0, -12 },
	{ "zeros in front", "-0012", &any, 0, -12 },
	{ "a number with its newline", "12\n", &any, 0, 12 },
	{ "the greatest of all", "2147483647", &any, 0, S32_MAX },
	{ "the least of all", "-2147483648", &any, 0, S32_MIN },
	{ "one more than the greatest", "2147483648", &any, -EINVAL },
	{ "one less than the least", "-2147483649", &any, -EINVAL },
	{ "a number whose low half is in range", "4294967301", &few, -EINVAL },
	{ "the greatest of a range", "5", &few, 0, 5 },
	{ "the least of a range", "-3", &few, 0, -3 },
	{ "one above a range", "6", &few, -EINVAL },
	{ "one below a range", "-4", &few, -EINVAL },
	{ "63 bits", "9223372036854775807", &any, -EINVAL },
	{ "63 bits with a minus", "-9223372036854775807", &any, -EINVAL },
	{ "more than 63 bits", "9223372036854775808", &any, -ERANGE },
	{ "more than 63 bits with a minus", "-9223372036854775808", &any, -ERANGE },
	{ "64 bits and a bit more", "18446744073709551621", &few, -ERANGE },
	{ "a number as long as a line", "99999999999999999999999999999999", &any, -ERANGE },
	{ "63 bits with zeros in front", "00009223372036854775807", &any, -EINVAL },
	{ "a sign alone", "+", &any, -EINVAL },
	{ "another sign alone", "-\n", &any, -EINVAL },
	{ "two signs", "+-1", &any, -EINVAL },
	{ "twice the same sign", "--1", &any, -EINVAL },
	{ "a sign behind", "1-", &any, -EINVAL },
	{ "a word", "hello", &any, -EINVAL },
	{ "a letter behind", "1x", &any, -EINVAL },
	{ "too many digits and a letter", "9223372036854775808x", &any, -ERANGE },
	{ "hex", "0x1", &any, -EINVAL },
	{ "the byte below the digits", "/", &any, -EINVAL },
	{ "the byte above the digits", ":", &any, -EINVAL },
	{ "a byte of all bits", "\xff", &any, -EINVAL },
	{ "a space in front", " 1", &any, -EINVAL },
	{ "a space behind", "1 ", &any, -EINVAL },
	{ "a tab behind", "1\t", &any, -EINVAL },
	{ "a carriage return behind", "1\r\n", &any, -EINVAL },
	{ "an empty row", "\n", &any, -EINVAL },
	{ "an empty row behind", "1\n\n", &any, -EINVAL },
	{ "an empty row in front", "\n1", &any, -EINVAL },
	{ "two numbers", "1 2", &any, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(number, number_cases, desc);

static const struct rows_case {
	const char *desc;
	const char *text;
	int width;
	int ret;
	s32 values[MAX_ROWS * MAX_WIDTH];
} rows_cases[] = {
	{ "no row", "", 2, 0 },
	{ "one row", "1 2\n", 2, 1, { 1, 2 } },
	{ "one row without a newline", "1 2", 2, 1, { 1, 2 } },
	{ "two rows", "1 2\n3 4\n", 2, 2, { 1, 2, 3, 4 } },
	{ "two rows without the last newline", "1 2\n3 4", 2, 2, { 1, 2, 3, 4 } },
	{ "rows of one", "1\n-2\n+3\n", 1, 3, { 1, -2, 3 } },
	{ "rows of three", "1 2 3\n4 5 -1\n", 3, 2, { 1, 2, 3, 4, 5, -1 } },
	{ "as many rows as there is room for", "1\n2\n3\n4\n", 1, 4, { 1, 2, 3, 4 } },
	{ "a row more", "1\n2\n3\n4\n5\n", 1, -E2BIG },
	{ "a bad row behind more than there is room for", "1\n2\n3\n4\nx\n", 1, -E2BIG },
	{ "a row too short", "1\n", 2, -EINVAL },
	{ "a row that ends with a space", "1 ", 2, -EINVAL },
	{ "a row too long", "1 2 3\n", 2, -EINVAL },
	{ "two spaces", "1  2\n", 2, -EINVAL },
	{ "a tab", "1\t2\n", 2, -EINVAL },
	{ "a row over two lines", "1\n2\n", 2, -EINVAL },
	{ "a bad row behind a good one", "1 2\n3 x\n", 2, -EINVAL },
	{ "a bad row in front of a good one", "x 2\n3 4\n", 2, -EINVAL },
	{ "the first error of two", "99999999999999999999 2\nx\n", 2, -ERANGE },
	{ "the first error of two, the other way", "x\n99999999999999999999 2\n", 2, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(rows, rows_cases, desc);

static void int_rows_test_number(struct kunit *test)
{
	const struct number_case *param = test->param_value;
	const size_t len = strlen(param->text);
	char *text = at_end_of_memory(test, param->text, len);
	const struct int_range *range = param->range;
	s32 values[2];

	KUNIT_ASSERT_EQ(test, int_rows_parse(text, len, range, 1, values, 2),
			param->err ? param->err : 1);
	if (!param->err)
		KUNIT_EXPECT_EQ(test, values[0], param->value);
}

static void int_rows_test_rows(struct kunit *test)
{
	static const struct int_range ranges[] = { ANY, ANY, FEW };
	const struct rows_case *param = test->param_value;
	const size_t len = strlen(param->text);
	char *text = at_end_of_memory(test, param->text, len);
	s32 values[MAX_ROWS * MAX_WIDTH];
	int i;

	KUNIT_ASSERT_EQ(test,
			int_rows_parse(text, len, ranges, param->width, values,
				       MAX_ROWS),
			param->ret);
	for (i = 0; i < param->ret * param->width; i++)
		KUNIT_EXPECT_EQ(test, values[i], param->values[i]);
}

static void int_rows_test_each_number_has_its_range(struct kunit *test)
{
	static const struct int_range ranges[] = { { 0, 1 }, { 2, 3 } };
	s32 values[2];

	KUNIT_EXPECT_EQ(test, int_rows_parse("1 2", 3, ranges, 2, values, 1), 1);
	KUNIT_EXPECT_EQ(test, int_rows_parse("2 2", 3, ranges, 2, values, 1),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, int_rows_parse("1 1", 3, ranges, 2, values, 1),
			-EINVAL);
}

static void int_rows_test_terminator_is_no_part_of_a_row(struct kunit *test)
{
	s32 values[2];

	KUNIT_EXPECT_EQ(test, int_rows_parse("1\0", 2, &any, 1, values, 2),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, int_rows_parse("1\n\0", 3, &any, 1, values, 2),
			-EINVAL);
}

/*
 * Half of the texts have many short rows.  The other half has long numbers, and
 * few of its rows are valid.
 */
static u32 random_text(struct rnd_state *rnd, char *text)
{
	static const char *const alphabets[] = { "\n\n  01233-+", "\n -0123456789999999" };
	const char *alphabet = alphabets[prandom_u32_state(rnd) % 2];
	const u32 len = prandom_u32_state(rnd) %
			(1 + (alphabet == alphabets[0] ? MAX_TEXT / 3 : MAX_TEXT));
	u32 i;

	for (i = 0; i < len; i++)
		text[i] = alphabet[prandom_u32_state(rnd) % strlen(alphabet)];
	return len;
}

static void int_rows_test_random_against_model(struct kunit *test)
{
	static const struct int_range ranges[] = { ANY, FEW, ANY };
	s32 values[MAX_ROWS * MAX_WIDTH], model[MAX_ROWS * MAX_WIDTH];
	char bytes[MAX_TEXT], *text;
	struct rnd_state rnd;
	u32 op, len;
	int width, nr;

	prandom_seed_state(&rnd, RANDOM_SEED);
	for (op = 0; op < RANDOM_OPS; op++) {
		width = 1 + op % MAX_WIDTH;
		len = random_text(&rnd, bytes);
		text = at_end_of_memory(test, bytes, len);

		nr = int_rows_parse(text, len, ranges, width, values, MAX_ROWS);
		KUNIT_ASSERT_EQ(test, nr,
				int_rows_model_parse(text, len, ranges, width,
						     model, MAX_ROWS));
		if (nr > 0)
			KUNIT_ASSERT_MEMEQ(test, values, model,
					   nr * width * sizeof(*values));
	}
}

static struct kunit_case int_rows_test_cases[] = {
	KUNIT_CASE_PARAM(int_rows_test_number, number_gen_params),
	KUNIT_CASE_PARAM(int_rows_test_rows, rows_gen_params),
	KUNIT_CASE(int_rows_test_each_number_has_its_range),
	KUNIT_CASE(int_rows_test_terminator_is_no_part_of_a_row),
	KUNIT_CASE(int_rows_test_random_against_model),
	{}
};

static struct kunit_suite int_rows_test_suite = {
	.name = "int_rows",
	.init = guard_page_test_init,
	.test_cases = int_rows_test_cases,
};

kunit_test_suite(int_rows_test_suite);
