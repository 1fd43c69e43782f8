// SPDX-License-Identifier: GPL-2.0
/*
 * Log name tests - bytes that need an escape, and names that do not fit
 */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <linux/types.h>

#include "logname.h"
#include "redzone.h"

#define MAX_TEXT	64
#define MAX_NAME	24
#define MIN_SIZE	4
#define RANDOM_SEED	20180519
#define RANDOM_OPS	20000

static const struct format_case {
	const char *desc;
	const char *name;
	size_t size;
	const char *text;
} format_cases[] = {
	{ "no name", "", MAX_TEXT, "" },
	{ "no name in the least room", "", MIN_SIZE, "" },
	{ "a path", "/etc/passwd", MAX_TEXT, "/etc/passwd" },
	{ "a newline", "a\nb", MAX_TEXT, "a\\x0ab" },
	{ "a backslash", "a\\nb", MAX_TEXT, "a\\x5cnb" },
	{ "quotes", "it's \"it\"", MAX_TEXT, "it's \"it\"" },
	{ "a percent sign", "%s%n", MAX_TEXT, "%s%n" },
	{ "spaces at both ends", " a ", MAX_TEXT, " a " },
	{ "an escape sequence", "\033[2J", MAX_TEXT, "\\x1b[2J" },
	{ "the first and last printable", " ~", MAX_TEXT, " ~" },
	{ "their neighbours", "\x1f\x7f", MAX_TEXT, "\\x1f\\x7f" },
	{ "the lowest and highest", "\x01\xff", MAX_TEXT, "\\x01\\xff" },
	{ "a letter in UTF-8", "\xc3\xa4", MAX_TEXT, "\\xc3\\xa4" },
	{ "three bytes in three", "abc", 4, "abc" },
	{ "four bytes in three", "abcd", 4, "..." },
	{ "four bytes in four", "abcd", 5, "abcd" },
	{ "five bytes in four", "abcde", 5, "a..." },
	{ "many bytes in eight", "abcdefghijkl", 9, "abcde..." },
	{ "an escape in three", "\n", 4, "..." },
	{ "an escape in four", "\n", 5, "\\x0a" },
	{ "an escape that is cut away", "ab\ncd", 7, "ab..." },
	{ "an escape at the cut", "ab\ncde", 9, "ab..." },
	{ "an escape before the cut", "ab\ncdef", 10, "ab\\x0a..." },
	{ "two escapes in seven", "\n\n", 8, "\\x0a..." },
};

KUNIT_ARRAY_PARAM_DESC(format, format_cases, desc);

static void assert_format(struct kunit *test, size_t size, const char *name,
			  size_t name_len, const char *text)
{
	KUNIT_ASSERT_EQ(test, logname_format(redzone_poison(test), size, name,
					     name_len), strlen(text));
	redzone_assert_text(test, text, size);
}

static void logname_test_format_names(struct kunit *test)
{
	const struct format_case *param = test->param_value;

	assert_format(test, param->size, param->name, strlen(param->name),
		      param->text);
}

/*
 * SYSCALL-6: a file name of any bytes is logged as one record.  A text that a
 * user writes may also contain a NUL, so this tests all 256 bytes.
 */
static void logname_test_format_every_byte(struct kunit *test)
{
	char model[5];
	int byte;

	for (byte = 0; byte < 256; byte++) {
		const char name = byte;

		snprintf(model, sizeof(model),
			 byte >= 0x20 && byte < 0x7f && byte != '\\' ?
			 "%c" : "\\x%02x", byte);
		assert_format(test, MAX_TEXT, &name, 1, model);
	}
}

/*
 * Bytes past the length are not read.  A NUL within the length is part of the
 * name.
 */
static void logname_test_format_no_byte_past_the_length(struct kunit *test)
{
	assert_format(test, 4, "abcd", 3, "abc");
	assert_format(test, MAX_TEXT, "a\0b\nc", 3, "a\\x00b");
}

static void logname_test_size_leaves_room_in_a_record(struct kunit *test)
{
	static const char * const words[] = {
		"Opened file by 4294967295: ", "procfile write ",
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		KUNIT_EXPECT_LE(test, LOGNAME_SIZE + strlen(words[i]),
				1024 - 48);
}

/*
 * The model escapes the whole name, and then removes bytes and escapes from its
 * end until the rest fits.
 */
static void model_format(char *text, size_t size, const char *name,
			 size_t name_len)
{
	char parts[MAX_NAME][8];
	bool is_cut;
	size_t len = 0;
	int nr = 0;
	int i;

	for (; name_len; name++, name_len--)
		len += snprintf(parts[nr++], sizeof(parts[0]),
				*name && strchr("ab", *name) ? "%c" : "\\x%02x",
				(unsigned char)*name);
	is_cut = len >= size;
	while (is_cut && len + strlen("...") >= size)
		len -= strlen(parts[--nr]);

	*text = '\0';
	for (i = 0; i < nr; i++)
		strcat(text, parts[i]);
	if (is_cut)
		strcat(text, "...");
}

static void logname_test_random_against_model(struct kunit *test)
{
	static const char bytes[] = "aabb\\\n\xc3";
	char model[4 * MAX_NAME + 4];
	char name[MAX_NAME];
	struct rnd_state rnd;
	u32 i, op, len, size;

	prandom_seed_state(&rnd, RANDOM_SEED);
	for (op = 0; op < RANDOM_OPS; op++) {
		size = MIN_SIZE +
		       prandom_u32_state(&rnd) % (MAX_TEXT - MIN_SIZE + 1);
		len = prandom_u32_state(&rnd) % (MAX_NAME + 1);
		for (i = 0; i < len; i++)
			name[i] = bytes[prandom_u32_state(&rnd) % sizeof(bytes)];
		model_format(model, size, name, len);
		assert_format(test, size, name, len, model);
	}
}

static struct kunit_case logname_test_cases[] = {
	KUNIT_CASE_PARAM(logname_test_format_names, format_gen_params),
	KUNIT_CASE(logname_test_format_every_byte),
	KUNIT_CASE(logname_test_format_no_byte_past_the_length),
	KUNIT_CASE(logname_test_size_leaves_room_in_a_record),
	KUNIT_CASE(logname_test_random_against_model),
	{}
};

static struct kunit_suite logname_test_suite = {
	.name = "logname",
	.init = redzone_test_init,
	.test_cases = logname_test_cases,
};

kunit_test_suite(logname_test_suite);
