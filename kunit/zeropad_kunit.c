// SPDX-License-Identifier: GPL-2.0
/*
 * Zero padding tests - texts that fit or do not, and bytes around the block
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <linux/types.h>

#include "redzone.h"
#include "zeropad.h"

#define MAX_BLOCK	32
#define MAX_TEXT	40
#define RANDOM_SEED	20180519
#define RANDOM_OPS	20000

static const struct copy_case {
	const char *desc;
	const char *text;
	size_t size;
	int err;
} copy_cases[] = {
	{ "nothing into nothing", "", 0, 0 },
	{ "nothing into a byte", "", 1, 0 },
	{ "a byte into nothing", "a", 0, -EMSGSIZE },
	{ "a byte into a byte", "a", 1, 0 },
	{ "two bytes into a byte", "ab", 1, -EMSGSIZE },
	{ "a word into a block", "Testing", 16, 0 },
	{ "a text of a whole block", "0123456789abcdef", 16, 0 },
	{ "a text one byte too long", "0123456789abcdefg", 16, -EMSGSIZE },
	{ "a text of twenty into a block", "01234567890123456789", 16,
	  -EMSGSIZE },
	{ "a password into a key", "password123", 32, 0 },
	{ "a password of forty into a key",
	  "0123456789012345678901234567890123456789", 32, -EMSGSIZE },
	{ "bytes above 127", "\xff\x80", 4, 0 },
};

KUNIT_ARRAY_PARAM_DESC(copy, copy_cases, desc);

/*
 * The model copies byte by byte.  The checks are ASSERTs, so that a test stops
 * at the first difference.
 */
static void assert_copy(struct kunit *test, const char *text, size_t size,
			int err)
{
	const size_t nr_written = err ? 0 : size;
	char *block = redzone_poison(test);
	char model[MAX_BLOCK];
	size_t i;

	for (i = 0; i < nr_written; i++)
		model[i] = i < strlen(text) ? text[i] : 0;

	KUNIT_ASSERT_EQ(test, zeropad_copy(block, size, text), err);
	KUNIT_ASSERT_MEMEQ(test, block, model, nr_written);
	redzone_assert_untouched(test, nr_written);
}

/*
 * CRYPTOSK-5, CRYPTOSK-6: a text that is too long is an error, and the rest of
 * the block is zeroed.
 */
static void zeropad_test_copy_texts(struct kunit *test)
{
	const struct copy_case *param = test->param_value;

	assert_copy(test, param->text, param->size, param->err);
}

static void zeropad_test_random_against_model(struct kunit *test)
{
	char text[MAX_TEXT + 1];
	struct rnd_state rnd;
	u32 op, len, size;

	prandom_seed_state(&rnd, RANDOM_SEED);
	for (op = 0; op < RANDOM_OPS; op++) {
		len = prandom_u32_state(&rnd) % (MAX_TEXT + 1);
		size = prandom_u32_state(&rnd) % (MAX_BLOCK + 1);
		memset(text, 'a' + op % 26, len);
		text[len] = '\0';

		assert_copy(test, text, size, len > size ? -EMSGSIZE : 0);
	}
}

static struct kunit_case zeropad_test_cases[] = {
	KUNIT_CASE_PARAM(zeropad_test_copy_texts, copy_gen_params),
	KUNIT_CASE(zeropad_test_random_against_model),
	{}
};

static struct kunit_suite zeropad_test_suite = {
	.name = "zeropad",
	.init = redzone_test_init,
	.test_cases = zeropad_test_cases,
};

kunit_test_suite(zeropad_test_suite);
