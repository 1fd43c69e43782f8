// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit suite for @SOURCE@.c
 *
 * "modproof test --kernel uml" builds it with ../@SOURCE@.c, and runs it on this
 * machine within seconds: no guest is needed.
 */

#include <kunit/test.h>
#include <linux/module.h>

@HEADER@
static void first_test(struct kunit *test)
{
	/*
	 * Replace this by calls of @SOURCE@.c, and by what you expect, as:
	 *
	 *	KUNIT_EXPECT_EQ(test, 3, add(1, 2));
	 */
	KUNIT_FAIL(test, "this case is yet to be written: call @SOURCE@.c here");
}

static struct kunit_case cases[] = {
	KUNIT_CASE(first_test),
	{}
};

static struct kunit_suite suite = {
	.name = "@SUITE@",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit suite for @SOURCE@.c");
MODULE_LICENSE("GPL");
