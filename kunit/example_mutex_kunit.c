// SPDX-License-Identifier: GPL-2.0
/*
 * Example mutex tests - a mutex that is free, and a mutex that is held
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/mutex.h>

#include "../modules/sync/example_mutex.h"

static int example_mutex_test_init(struct kunit *test)
{
	struct mutex *lock = kunit_kzalloc(test, sizeof(*lock), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, lock);
	mutex_init(lock);
	test->priv = lock;
	return 0;
}

static void example_mutex_test_try_when_free(struct kunit *test)
{
	struct mutex *lock = test->priv;

	KUNIT_EXPECT_EQ(test, example_mutex_try(lock), 0);
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(lock));
}

/* MUTEX-1: a mutex that is held causes an error, not only a line in the log. */
static void example_mutex_test_try_when_held(struct kunit *test)
{
	struct mutex *lock = test->priv;

	mutex_lock(lock);
	KUNIT_EXPECT_EQ(test, example_mutex_try(lock), -EBUSY);
	KUNIT_EXPECT_TRUE(test, mutex_is_locked(lock));

	mutex_unlock(lock);
	KUNIT_EXPECT_EQ(test, example_mutex_try(lock), 0);
}

static struct kunit_case example_mutex_test_cases[] = {
	KUNIT_CASE(example_mutex_test_try_when_free),
	KUNIT_CASE(example_mutex_test_try_when_held),
	{}
};

static struct kunit_suite example_mutex_test_suite = {
	.name = "example_mutex",
	.init = example_mutex_test_init,
	.test_cases = example_mutex_test_cases,
};

kunit_test_suite(example_mutex_test_suite);
