// SPDX-License-Identifier: GPL-2.0
/*
 * Key event tests - which lines are events, and the error of one bad line
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <linux/types.h>

#include "key_event.h"
#include "key_event_model.h"

#define MAX_CODE	767
#define MAX_EVENTS	4
#define RANDOM_SEED	18680623
#define RANDOM_OPS	20000
#define MAX_TEXT	12

#define DOWN(_code)	{ .code = (_code), .is_press = true }
#define UP(_code)	{ .code = (_code), .is_press = false }

static const struct parse_case {
	const char *desc;
	const char *text;
	int ret;
	struct key_event events[MAX_EVENTS];
} parse_cases[] = {
	{ "a key that goes down", "+34\n", 1, { DOWN(34) } },
	{ "the same without a sign", "34\n", 1, { DOWN(34) } },
	{ "a key that comes up", "-34\n", 1, { UP(34) } },
	{ "no newline", "-34", 1, { UP(34) } },
	{ "zeros in front", "+0034", 1, { DOWN(34) } },
	{ "the first key", "1", 1, { DOWN(1) } },
	{ "the last key", "767", 1, { DOWN(767) } },
	{ "the last key comes up", "-767", 1, { UP(767) } },
	{ "a key behind the last", "768", -EINVAL },
	{ "a key behind the last comes up", "-768", -EINVAL },
	{ "key 0", "0", -EINVAL },
	{ "key 0 comes up", "-0", -EINVAL },
	{ "a key whose low 32 bits are one", "4294967330", -EINVAL },
	{ "a key whose low 16 bits are one", "65570", -EINVAL },
	{ "the least number of 64 bits", "-9223372036854775808", -ERANGE },
	{ "more than 64 bits", "99999999999999999999", -ERANGE },
	{ "no events", "", 0 },
	{ "several events", "+34\n-34\n35", 3, { DOWN(34), UP(34), DOWN(35) } },
	{ "as many as there is room for", "1\n2\n3\n4\n", 4,
	  { DOWN(1), DOWN(2), DOWN(3), DOWN(4) } },
	{ "one more", "1\n2\n3\n4\n5\n", -E2BIG },
	{ "a word", "hello\n", -EINVAL },
	{ "two signs", "--22", -EINVAL },
	{ "a sign alone", "+", -EINVAL },
	{ "two keys in a line", "34 35\n", -EINVAL },
	{ "an empty line", "\n", -EINVAL },
	{ "an empty line behind", "34\n\n", -EINVAL },
	{ "an empty line between", "34\n\n35\n", -EINVAL },
	{ "a bad line behind good ones", "34\n-34\nx\n", -EINVAL },
	{ "the first error of two", "99999999999999999999\nx\n", -ERANGE },
	{ "the first error of two, the other way", "0\n99999999999999999999\n", -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(parse, parse_cases, desc);

/* The checks are ASSERTs, so that a test stops at the first difference. */
static void assert_events(struct kunit *test, const struct key_event *events,
			  const struct key_event *want, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		KUNIT_ASSERT_EQ(test, events[i].code, want[i].code);
		KUNIT_ASSERT_EQ(test, events[i].is_press, want[i].is_press);
	}
}

static void key_event_test_parse(struct kunit *test)
{
	const struct parse_case *param = test->param_value;
	struct key_event events[MAX_EVENTS];

	KUNIT_ASSERT_EQ(test,
			key_event_parse(param->text, strlen(param->text),
					MAX_CODE, events, MAX_EVENTS),
			param->ret);
	assert_events(test, events, param->events, param->ret);
}

static void key_event_test_greatest_code_of_all(struct kunit *test)
{
	struct key_event event;

	KUNIT_EXPECT_EQ(test, key_event_parse("-65535", 6, U16_MAX, &event, 1),
			1);
	KUNIT_EXPECT_EQ(test, event.code, U16_MAX);
	KUNIT_EXPECT_FALSE(test, event.is_press);
	KUNIT_EXPECT_EQ(test, key_event_parse("65536", 5, U16_MAX, &event, 1),
			-EINVAL);
}

static void key_event_test_bytes_behind_the_text_do_not_count(struct kunit *test)
{
	struct key_event events[2];

	KUNIT_EXPECT_EQ(test, key_event_parse("34\n35\n", 2, MAX_CODE, events,
					      2), 1);
	KUNIT_EXPECT_EQ(test, events[0].code, 34);
	KUNIT_EXPECT_EQ(test, key_event_parse("34\n35\n", 5, MAX_CODE, events,
					      2), 2);
	KUNIT_EXPECT_EQ(test, events[1].code, 35);
	KUNIT_EXPECT_EQ(test, key_event_parse("1\n", 0, MAX_CODE, events, 2),
			0);
}

static void key_event_test_random_events_come_back(struct kunit *test)
{
	struct key_event events[MAX_EVENTS], want[MAX_EVENTS];
	char text[8 * MAX_EVENTS];
	struct rnd_state rnd;
	u32 i, op, nr, len;

	prandom_seed_state(&rnd, RANDOM_SEED);
	for (op = 0; op < RANDOM_OPS; op++) {
		nr = prandom_u32_state(&rnd) % (MAX_EVENTS + 1);
		for (i = 0, len = 0; i < nr; i++) {
			want[i].code = 1 + prandom_u32_state(&rnd) % MAX_CODE;
			want[i].is_press = prandom_u32_state(&rnd) & 1;
			len += sprintf(text + len, "%+d\n", want[i].is_press ?
				       want[i].code : -want[i].code);
		}

		KUNIT_ASSERT_EQ(test, key_event_parse(text, len, MAX_CODE,
						      events, MAX_EVENTS), nr);
		assert_events(test, events, want, nr);
	}
}

static void key_event_test_random_against_model(struct kunit *test)
{
	static const char alphabet[] = { '0', '1', '7', '8', '-', '+', '\n', '\n', 'x' };
	struct key_event events[MAX_EVENTS], want[MAX_EVENTS];
	struct rnd_state rnd;
	char text[MAX_TEXT];
	u32 i, op, len;
	int nr;

	prandom_seed_state(&rnd, RANDOM_SEED);
	for (op = 0; op < RANDOM_OPS; op++) {
		len = prandom_u32_state(&rnd) % (MAX_TEXT + 1);
		for (i = 0; i < len; i++)
			text[i] = alphabet[prandom_u32_state(&rnd) % sizeof(alphabet)];

		nr = key_event_parse(text, len, MAX_CODE, events, MAX_EVENTS);
		KUNIT_ASSERT_EQ(test, nr, key_event_model_parse(text, len, MAX_CODE,
								want, MAX_EVENTS));
		assert_events(test, events, want, nr);
	}
}

static struct kunit_case key_event_test_cases[] = {
	KUNIT_CASE_PARAM(key_event_test_parse, parse_gen_params),
	KUNIT_CASE(key_event_test_greatest_code_of_all),
	KUNIT_CASE(key_event_test_bytes_behind_the_text_do_not_count),
	KUNIT_CASE(key_event_test_random_events_come_back),
	KUNIT_CASE(key_event_test_random_against_model),
	{}
};

static struct kunit_suite key_event_test_suite = {
	.name = "key_event",
	.test_cases = key_event_test_cases,
};

kunit_test_suite(key_event_test_suite);
