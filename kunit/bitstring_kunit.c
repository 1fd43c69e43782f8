// SPDX-License-Identifier: GPL-2.0
/*
 * Bit string tests - every number of bits, and no write outside of the text
 */
#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/limits.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <linux/types.h>

#include "bitstring.h"
#include "bitstring_model.h"
#include "redzone.h"

#define RANDOM_SEED	20180519
#define RANDOM_OPS	20000

static const struct format_case {
	const char *desc;
	unsigned long word;
	unsigned int nr_bits;
	const char *text;
} format_cases[] = {
	{ "no bits of none", 0, 0, "" },
	{ "no bits of all", ULONG_MAX, 0, "" },
	{ "one bit, clear", 0, 1, "0" },
	{ "one bit, set", 1, 1, "1" },
	{ "the lowest of all bits", ULONG_MAX, 1, "1" },
	{ "one bit below one that is set", 2, 1, "0" },
	{ "a byte without a bit", 0x00, 8, "00000000" },
	{ "a byte with all bits", 0xff, 8, "11111111" },
	{ "the lowest bit of a byte", 0x01, 8, "00000001" },
	{ "the highest bit of a byte", 0x80, 8, "10000000" },
	{ "a byte with every other bit", 0x55, 8, "01010101" },
	{ "a byte that reads otherwise backwards", 0xd2, 8, "11010010" },
	{ "a byte below bits that are set", ~0xffUL, 8, "00000000" },
	{ "more bits than a byte has", 0x10f, 12, "000100001111" },
};

KUNIT_ARRAY_PARAM_DESC(format, format_cases, desc);

static void assert_format(struct kunit *test, unsigned long word,
			  unsigned int nr_bits, const char *text)
{
	bitstring_format(redzone_poison(test), word, nr_bits);
	redzone_assert_text(test, text, strlen(text) + 1);
}

static void bitstring_test_format_bits(struct kunit *test)
{
	const struct format_case *param = test->param_value;

	assert_format(test, param->word, param->nr_bits, param->text);
}

/*
 * ATOMIC-2: if the argument is an expression, the digits are those of its
 * value.
 */
static void bitstring_test_format_an_expression(struct kunit *test)
{
	assert_format(test, 0x80 | 0x01, 8, "10000001");
}

static void bitstring_test_format_a_whole_word(struct kunit *test)
{
	char text[BITSTRING_SIZE(BITS_PER_LONG)] = {};

	memset(text, '0', BITS_PER_LONG);
	text[0] = '1';
	text[BITS_PER_LONG - 1] = '1';

	assert_format(test, BIT(BITS_PER_LONG - 1) | 1, BITS_PER_LONG, text);
}

static void bitstring_test_size_has_room_for_the_terminator(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, BITSTRING_SIZE(0), 1);
	KUNIT_EXPECT_EQ(test, BITSTRING_SIZE(8), 9);
	KUNIT_EXPECT_EQ(test, 2 * BITSTRING_SIZE(1 | 2), 8);
}

static void bitstring_test_random_against_model(struct kunit *test)
{
	char model[BITS_PER_LONG + 1];
	struct rnd_state rnd;
	unsigned long word;
	u32 op, nr_bits;

	prandom_seed_state(&rnd, RANDOM_SEED);
	for (op = 0; op < RANDOM_OPS; op++) {
		prandom_bytes_state(&rnd, &word, sizeof(word));
		nr_bits = prandom_u32_state(&rnd) % (BITS_PER_LONG + 1);
		bitstring_model_format(model, word, nr_bits);
		assert_format(test, word, nr_bits, model);
	}
}

static struct kunit_case bitstring_test_cases[] = {
	KUNIT_CASE_PARAM(bitstring_test_format_bits, format_gen_params),
	KUNIT_CASE(bitstring_test_format_an_expression),
	KUNIT_CASE(bitstring_test_format_a_whole_word),
	KUNIT_CASE(bitstring_test_size_has_room_for_the_terminator),
	KUNIT_CASE(bitstring_test_random_against_model),
	{}
};

static struct kunit_suite bitstring_test_suite = {
	.name = "bitstring",
	.init = redzone_test_init,
	.test_cases = bitstring_test_cases,
};

kunit_test_suite(bitstring_test_suite);
