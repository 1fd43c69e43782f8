// SPDX-License-Identifier: GPL-2.0
/*
 * Keyword tests - whole words, beginnings of words, and words that bytes follow
 *
 * Each text of the tables is passed twice: with other bytes after it, and at
 * the end of a mapping, so that a read of one more byte faults.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <linux/types.h>

#include "guard_page.h"
#include "keyword.h"
#include "keyword_model.h"

#define RANDOM_SEED	20120920
#define RANDOM_OPS	20000
#define MAX_TEXT	6

static const char *const words[] = { "enable", "disable", "enabled" };
static const char *const odd_words[] = { "on", "", "on", "\xff" };

static const struct find_case {
	const char *desc;
	const char *text;
	size_t len;
	int ret;
} find_cases[] = {
	{ "the first word", "enable", 6, 0 },
	{ "the second word", "disable", 7, 1 },
	{ "a word that begins with another", "enabled", 7, 2 },
	{ "a word with a newline", "disable\n", 8, 1 },
	{ "a word with a newline behind its length", "enable\n", 6, 0 },
	{ "a word with bytes behind its length", "enable-not", 6, 0 },
	{ "a word with two newlines", "enable\n\n", 8, -EINVAL },
	{ "a word behind a newline", "\nenable", 7, -EINVAL },
	{ "a newline inside a word", "ena\nble", 7, -EINVAL },
	{ "a word with a space", "enable ", 7, -EINVAL },
	{ "a word behind a space", " enable", 7, -EINVAL },
	{ "a carriage return before the newline", "enable\r\n", 8, -EINVAL },
	{ "two words", "enable\ndisable\n", 15, -EINVAL },
	{ "the end of a word", "able", 4, -EINVAL },
	{ "another word of that length", "Enable", 6, -EINVAL },
	{ "a word with its terminator", "enable", 7, -EINVAL },
	{ "a terminator before the newline", "enable\0\n", 8, -EINVAL },
	{ "a terminator inside a word", "ena\0le", 6, -EINVAL },
	{ "a text with only a terminator", "", 1, -EINVAL },
	{ "a newline alone", "\n", 1, -EINVAL },
	{ "no text", "", 0, -EINVAL },
	{ "no text before a word", "enable", 0, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(find, find_cases, desc);

static const struct find_case begun_cases[] = {
	{ "one byte of a word", "enable", 1, -EINVAL },
	{ "two bytes of a word", "enable", 2, -EINVAL },
	{ "a word but for one byte", "enable", 5, -EINVAL },
	{ "a word but for one byte, with a newline", "enabl\n", 6, -EINVAL },
	{ "a word of two words but for one byte", "disabled", 6, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(begun, begun_cases, desc);

static const struct find_case longer_cases[] = {
	{ "a word and one more byte", "enablex", 7, -EINVAL },
	{ "a word and two more bytes", "enablexx", 8, -EINVAL },
	{ "a word and one more byte, with a newline", "disable?\n", 9, -EINVAL },
	{ "a word twice", "enableenable", 12, -EINVAL },
	{ "the longest word and one more byte", "enableds", 8, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(longer, longer_cases, desc);

static const struct find_case odd_cases[] = {
	{ "a word that is there twice", "on", 2, 0 },
	{ "no text where a word is empty", "", 0, 1 },
	{ "a newline alone where a word is empty", "\n", 1, 1 },
	{ "two newlines where a word is empty", "\n\n", 2, -EINVAL },
	{ "a terminator where a word is empty", "", 1, -EINVAL },
	{ "a byte of all bits", "\xff", 1, 3 },
};

KUNIT_ARRAY_PARAM_DESC(odd, odd_cases, desc);

static void expect_found(struct kunit *test, const char *const *list, int nr)
{
	const struct find_case *param = test->param_value;
	char *text = at_end_of_memory(test, param->text, param->len);

	KUNIT_EXPECT_EQ(test, keyword_find(list, nr, param->text, param->len),
			param->ret);
	KUNIT_EXPECT_EQ(test, keyword_find(list, nr, text, param->len),
			param->ret);
}

static void keyword_test_find_text(struct kunit *test)
{
	expect_found(test, words, ARRAY_SIZE(words));
}

/*
 * STATICKEY-2: the beginning of a word is not a match, even if the bytes after
 * the text complete the word.
 */
static void keyword_test_find_beginning_of_a_word(struct kunit *test)
{
	expect_found(test, words, ARRAY_SIZE(words));
}

/* STATICKEY-3: a word with anything after it is not that word. */
static void keyword_test_find_more_than_a_word(struct kunit *test)
{
	expect_found(test, words, ARRAY_SIZE(words));
}

static void keyword_test_find_among_odd_words(struct kunit *test)
{
	expect_found(test, odd_words, ARRAY_SIZE(odd_words));
}

static void keyword_test_find_among_fewer_words(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, keyword_find(words, 1, "enable", 6), 0);
	KUNIT_EXPECT_EQ(test, keyword_find(words, 1, "disable", 7), -EINVAL);
	KUNIT_EXPECT_EQ(test, keyword_find(words, 0, "enable", 6), -EINVAL);
	KUNIT_EXPECT_EQ(test, keyword_find(words, 0, "", 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, keyword_find(NULL, 0, "\n", 1), -EINVAL);
}

static void keyword_test_random_against_model(struct kunit *test)
{
	static const char *const list[] = { "aab", "a", "ba", "aba", "", "bb" };
	static const char alphabet[] = { 'a', 'a', 'b', 'b', '\n', '\0' };
	char *text, bytes[MAX_TEXT];
	struct rnd_state rnd;
	u32 i, op, len;

	prandom_seed_state(&rnd, RANDOM_SEED);
	for (op = 0; op < RANDOM_OPS; op++) {
		for (i = 0; i < MAX_TEXT; i++)
			bytes[i] = alphabet[prandom_u32_state(&rnd) % sizeof(alphabet)];
		len = prandom_u32_state(&rnd) % (MAX_TEXT + 1);
		text = at_end_of_memory(test, bytes, len);

		i = prandom_u32_state(&rnd) % (ARRAY_SIZE(list) + 1);
		KUNIT_ASSERT_EQ(test, keyword_find(list, i, text, len),
				keyword_model_find(list, i, text, len));
	}
}

static struct kunit_case keyword_test_cases[] = {
	KUNIT_CASE_PARAM(keyword_test_find_text, find_gen_params),
	KUNIT_CASE_PARAM(keyword_test_find_beginning_of_a_word, begun_gen_params),
	KUNIT_CASE_PARAM(keyword_test_find_more_than_a_word, longer_gen_params),
	KUNIT_CASE_PARAM(keyword_test_find_among_odd_words, odd_gen_params),
	KUNIT_CASE(keyword_test_find_among_fewer_words),
	KUNIT_CASE(keyword_test_random_against_model),
	{}
};

static struct kunit_suite keyword_test_suite = {
	.name = "keyword",
	.init = guard_page_test_init,
	.test_cases = keyword_test_cases,
};

kunit_test_suite(keyword_test_suite);
