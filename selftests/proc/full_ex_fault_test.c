// SPDX-License-Identifier: GPL-2.0
/*
 * Full example - allocation failures while the table of owners grows
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <stdbool.h>
#include <unistd.h>

#include "full_ex.h"
#include "lib/fault.h"
#include "lib/lacking.h"
#include "lib/module.h"
#include "lib/task.h"

/* The module's table of owners grows when it has more claims than this. */
#define NR_BUCKETS	64
#define NR_OPENERS	(NR_BUCKETS + 4)

/*
 * The argument and the result of a process that opens the file while its n-th
 * allocation fails.
 */
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
	SKIP_IF_LACKING(return, fault_lacking());
	self->fail_nth = fault_open();
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

TEST_HARNESS_MAIN
