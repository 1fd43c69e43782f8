// SPDX-License-Identifier: GPL-2.0
/*
 * Exclusive tests - which opens succeed, which wait, and what ends the wait
 *
 * A visitor is a thread that opens the file as another task would.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>

#include "exclusive.h"

/*
 * A timeout that is long enough for a slow machine.  Only a test that fails
 * waits this long.
 */
#define PATIENCE	(20 * HZ)

struct exclusive_context {
	struct exclusive ex;
	struct file file;
	struct task_struct *visitor;
	struct completion back;
	int ret;
};

static int exclusive_test_init(struct kunit *test)
{
	struct exclusive_context *ctx;

	ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx);
	exclusive_init(&ctx->ex);
	init_completion(&ctx->back);
	test->priv = ctx;
	return 0;
}

/* Ends the visitor, which would otherwise use the context after it is freed. */
static void exclusive_test_exit(struct kunit *test)
{
	struct exclusive_context *ctx = test->priv;

	if (!ctx || !ctx->visitor)
		return;
	if (!completion_done(&ctx->back))
		send_sig(SIGINT, ctx->visitor, 1);
	wait_for_completion(&ctx->back);
}

static int visit(void *data)
{
	struct exclusive_context *ctx = data;

	allow_signal(SIGINT);
	ctx->ret = exclusive_open(&ctx->ex, &ctx->file);
	kthread_complete_and_exit(&ctx->back, 0);
}

/* Opens the file, starts a visitor, and returns when the visitor waits. */
static struct exclusive_context *begin_visit(struct kunit *test)
{
	struct exclusive_context *ctx = test->priv;
	struct task_struct *visitor;

	KUNIT_ASSERT_EQ(test, exclusive_try_open(&ctx->ex), 0);
	visitor = kthread_run(visit, ctx, "modproof-visitor");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, visitor);

	ctx->visitor = visitor;
	/* A thread cannot report that it waits, so poll the wait queue. */
	while (!waitqueue_active(&ctx->ex.wait) && !completion_done(&ctx->back))
		schedule();

	KUNIT_ASSERT_FALSE(test, completion_done(&ctx->back));
	return ctx;
}

static void expect_back_with(struct kunit *test, int ret)
{
	struct exclusive_context *ctx = test->priv;

	KUNIT_ASSERT_NE(test, wait_for_completion_timeout(&ctx->back, PATIENCE),
			0);
	ctx->visitor = NULL;
	KUNIT_EXPECT_EQ(test, ctx->ret, ret);
}

static void exclusive_test_try_open_twice(struct kunit *test)
{
	struct exclusive_context *ctx = test->priv;

	KUNIT_EXPECT_EQ(test, exclusive_try_open(&ctx->ex), 0);
	KUNIT_EXPECT_EQ(test, exclusive_try_open(&ctx->ex), -EBUSY);
	exclusive_release(&ctx->ex);
	KUNIT_EXPECT_EQ(test, exclusive_try_open(&ctx->ex), 0);
}

static void exclusive_test_open_when_free(struct kunit *test)
{
	struct exclusive_context *ctx = test->priv;

	KUNIT_EXPECT_EQ(test, exclusive_open(&ctx->ex, &ctx->file), 0);
	KUNIT_EXPECT_EQ(test, exclusive_try_open(&ctx->ex), -EBUSY);
}

static void exclusive_test_open_without_waiting(struct kunit *test)
{
	struct exclusive_context *ctx = test->priv;

	ctx->file.f_flags = O_NONBLOCK;
	KUNIT_EXPECT_EQ(test, exclusive_open(&ctx->ex, &ctx->file), 0);
	KUNIT_EXPECT_EQ(test, exclusive_open(&ctx->ex, &ctx->file), -EAGAIN);
	exclusive_shut(&ctx->ex);
	KUNIT_EXPECT_EQ(test, exclusive_open(&ctx->ex, &ctx->file), -ENOENT);
}

static void exclusive_test_open_when_shut(struct kunit *test)
{
	struct exclusive_context *ctx = test->priv;

	exclusive_shut(&ctx->ex);
	KUNIT_EXPECT_EQ(test, exclusive_try_open(&ctx->ex), -ENOENT);
	KUNIT_EXPECT_EQ(test, exclusive_open(&ctx->ex, &ctx->file), -ENOENT);
}

static void exclusive_test_release_lets_a_visitor_in(struct kunit *test)
{
	struct exclusive_context *ctx = begin_visit(test);

	exclusive_release(&ctx->ex);
	expect_back_with(test, 0);
	KUNIT_EXPECT_EQ(test, exclusive_try_open(&ctx->ex), -EBUSY);
}

static void exclusive_test_shut_sends_a_visitor_away(struct kunit *test)
{
	struct exclusive_context *ctx = begin_visit(test);

	exclusive_shut(&ctx->ex);
	expect_back_with(test, -ENOENT);
}

static void exclusive_test_signal_sends_a_visitor_away(struct kunit *test)
{
	struct exclusive_context *ctx = begin_visit(test);

	send_sig(SIGINT, ctx->visitor, 1);
	expect_back_with(test, -ERESTARTSYS);

	exclusive_release(&ctx->ex);
	KUNIT_EXPECT_EQ(test, exclusive_try_open(&ctx->ex), 0);
}

static struct kunit_case exclusive_test_cases[] = {
	KUNIT_CASE(exclusive_test_try_open_twice),
	KUNIT_CASE(exclusive_test_open_when_free),
	KUNIT_CASE(exclusive_test_open_without_waiting),
	KUNIT_CASE(exclusive_test_open_when_shut),
	KUNIT_CASE(exclusive_test_release_lets_a_visitor_in),
	KUNIT_CASE(exclusive_test_shut_sends_a_visitor_away),
	KUNIT_CASE(exclusive_test_signal_sends_a_visitor_away),
	{}
};

static struct kunit_suite exclusive_test_suite = {
	.name = "exclusive",
	.init = exclusive_test_init,
	.exit = exclusive_test_exit,
	.test_cases = exclusive_test_cases,
};

kunit_test_suite(exclusive_test_suite);
