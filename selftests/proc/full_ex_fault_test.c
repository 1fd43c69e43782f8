// SPDX-License-Identifier: GPL-2.0
/*
 * Full example - what is left when memory runs out or a copy fails
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdbool.h>
#include <unistd.h>

#include "fault.h"
#include "full_ex.h"
#include "module.h"
#include "task.h"

/* The table of owners grows with the claim that makes it one more than this. */
#define NR_BUCKETS	64
#define NR_OPENERS	(NR_BUCKETS + 4)

/* One process that opens the file while its n-th chance to fail is taken. */
struct attempt {
	int nth;
	int fd;
	bool had_fault;
};

static int open_with_fault(void *arg)
{
	struct attempt *attempt = arg;
	int fail_nth = fault_open();

	fault_arm(fail_nth, attempt->nth);
	attempt->fd = full_ex_open();
	attempt->had_fault = fault_disarm(fail_nth);
	close(fail_nth);
	return 0;
}

static int open_without_fault(void *arg)
{
	int *fd = arg;

	*fd = full_ex_open();
	return 0;
}

FIXTURE(fault)
{
	int fail_nth;
	int fds[NR_OPENERS];
	int nr;
};

FIXTURE_SETUP(fault)
{
	self->fail_nth = fault_open();
	if (self->fail_nth == -ENOENT)
		SKIP(return, "needs CONFIG_FAULT_INJECTION");
	ASSERT_LE(0, self->fail_nth);

	ASSERT_EQ(0, full_ex_load());
	fault_prepare();
}

FIXTURE_TEARDOWN(fault)
{
	fault_restore();
	while (self->nr--)
		close(self->fds[self->nr]);
	close(self->fail_nth);
}

/* FULLEX-11 */
TEST_F(fault, open_succeeds_or_says_why)
{
	struct attempt attempt = { .nth = 1 };
	int nr_failed = 0;

	while (self->nr < NR_BUCKETS - 1) {
		task_run_sharing(open_without_fault, &self->fds[self->nr]);
		ASSERT_LE(0, self->fds[self->nr++]);
	}

	while (self->nr < NR_OPENERS) {
		ASSERT_LT(0, task_run_sharing(open_with_fault, &attempt));
		if (attempt.fd >= 0) {
			self->fds[self->nr++] = attempt.fd;
		} else {
			ASSERT_TRUE(fault_is_cause(attempt.fd))
				TH_LOG("open returned %d", attempt.fd);
			nr_failed++;
		}
		attempt.nth = attempt.had_fault ? attempt.nth + 1 : 1;
	}
	EXPECT_LT(0, nr_failed);
}

/* FULLEX-11 */
TEST_F(fault, failed_open_leaves_nothing_open)
{
	struct attempt attempt = { .nth = 0 };
	int fd;

	do {
		attempt.nth++;
		open_with_fault(&attempt);
		if (attempt.fd >= 0)
			close(attempt.fd);

		fd = full_ex_open();
		ASSERT_LE(0, fd);
		close(fd);
	} while (attempt.had_fault);

	EXPECT_LT(1, attempt.nth);
}

/* FULLEX-11, FULLEX-13 */
TEST_F(fault, load_succeeds_or_leaves_nothing)
{
	int file = module_open("full_ex");
	bool had_fault;
	int nth = 0;
	int err;

	ASSERT_LE(0, file);
	ASSERT_EQ(0, module_unload("full_ex"));

	do {
		fault_arm(self->fail_nth, ++nth);
		err = module_insert(file, "");
		had_fault = fault_disarm(self->fail_nth);
		if (!err) {
			ASSERT_EQ(0, module_unload("full_ex"));
		} else {
			ASSERT_TRUE(fault_is_cause(err))
				TH_LOG("fault %d: load returned %d", nth, err);
		}
		ASSERT_FALSE(module_is_loaded("full_ex"));
		ASSERT_EQ(-ENOENT, full_ex_open());
	} while (had_fault);

	EXPECT_LT(1, nth);
	close(file);
}

TEST_HARNESS_MAIN
