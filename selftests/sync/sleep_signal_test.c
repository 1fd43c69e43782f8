// SPDX-License-Identifier: GPL-2.0
/*
 * Sleep - signals to a task that waits for /proc/sleep
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/await.h"
#include "lib/gate.h"
#include "lib/module.h"
#include "lib/shared.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "sleep.h"
#include "sleep_holder.h"

#define TIMER_US	20000

enum disposition {
	IS_DEFAULT,
	IS_HANDLED,
	IS_IGNORED,
	IS_BLOCKED,
};

enum target {
	TO_PROCESS,
	TO_WAITER,
	TO_OTHER_THREAD,
};

/* What the child that waits shares with the test. */
struct waiter {
	struct gate ready;
	pid_t tid;
	int nr_handled;
};

/* This is global, because the signal handler uses it. */
static struct waiter *waiter;

static void count_signal(int signal)
{
	__atomic_add_fetch(&waiter->nr_handled, 1, __ATOMIC_SEQ_CST);
}

/* A child that waits for the file, which the test has open. */
FIXTURE(signal)
{
	pid_t child;
	int fd;
};

/* .ret is what the child reports: 0, an error, or the signal that killed it. */
FIXTURE_VARIANT(signal)
{
	int signal;
	enum disposition disposition;
	int ret;
	int flags;
	enum target to;
	bool in_thread;
};

FIXTURE_VARIANT_ADD(signal, to_the_process) { SIGUSR1, IS_HANDLED, -EINTR };
FIXTURE_VARIANT_ADD(signal, of_the_terminal) { SIGTSTP, IS_HANDLED, -EINTR };
FIXTURE_VARIANT_ADD(signal, of_a_child) { SIGCHLD, IS_HANDLED, -EINTR };

FIXTURE_VARIANT_ADD(signal, to_the_thread)
{
	SIGUSR1, IS_HANDLED, -EINTR, .to = TO_WAITER
};

FIXTURE_VARIANT_ADD(signal, in_real_time)
{
	34, IS_HANDLED, -EINTR, .to = TO_WAITER
};

FIXTURE_VARIANT_ADD(signal, with_the_last_number)
{
	64, IS_HANDLED, -EINTR, .to = TO_WAITER
};

FIXTURE_VARIANT_ADD(signal, to_the_second_thread)
{
	SIGUSR1, IS_HANDLED, -EINTR, .to = TO_WAITER, .in_thread = true
};

FIXTURE_VARIANT_ADD(signal, to_another_thread)
{
	SIGUSR1, IS_HANDLED, 0, .to = TO_OTHER_THREAD, .in_thread = true
};

FIXTURE_VARIANT_ADD(signal, with_sa_restart)
{
	SIGUSR1, IS_HANDLED, 0, .flags = SA_RESTART
};

FIXTURE_VARIANT_ADD(signal, in_real_time_with_sa_restart)
{
	40, IS_HANDLED, 0, .flags = SA_RESTART, .to = TO_WAITER
};

FIXTURE_VARIANT_ADD(signal, ignored) { SIGUSR1, IS_IGNORED, 0 };
FIXTURE_VARIANT_ADD(signal, ignored_by_default) { SIGWINCH, IS_DEFAULT, 0 };
FIXTURE_VARIANT_ADD(signal, blocked) { SIGUSR1, IS_BLOCKED, 0 };
FIXTURE_VARIANT_ADD(signal, that_ends_it) { SIGTERM, IS_DEFAULT, SIGTERM };
FIXTURE_VARIANT_ADD(signal, that_kills) { SIGKILL, IS_DEFAULT, SIGKILL };

static void set_disposition(int signal, enum disposition disposition, int flags)
{
	struct sigaction action = { .sa_flags = flags };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	if (disposition == IS_BLOCKED)
		sigprocmask(SIG_BLOCK, &set, NULL);
	if (disposition == IS_IGNORED)
		action.sa_handler = SIG_IGN;
	if (disposition == IS_HANDLED || disposition == IS_BLOCKED)
		action.sa_handler = count_signal;
	sigaction(signal, &action, NULL);
}

static void *wait_in_thread(void *arg)
{
	waiter->tid = syscall(SYS_gettid);
	gate_open(&waiter->ready);
	return (void *)(intptr_t)sleep_open_and_close(NULL);
}

static int wait_for_the_file(void *arg)
{
	const FIXTURE_VARIANT(signal) * variant = arg;

	set_disposition(variant->signal, variant->disposition, variant->flags);
	if (variant->in_thread)
		return task_run_thread(wait_in_thread, NULL);
	return (intptr_t)wait_in_thread(NULL);
}

FIXTURE_SETUP(signal)
{
	waiter = shared_alloc(sizeof(*waiter));
	ASSERT_NE(NULL, waiter);
	ASSERT_EQ(0, gate_init(&waiter->ready));
	ASSERT_EQ(0, module_reload("sleep", ""));
	self->fd = sleep_open(0);
	ASSERT_LE(0, self->fd);

	self->child = sleep_start(self->fd, wait_for_the_file, (void *)variant);
	ASSERT_LT(0, self->child);
	ASSERT_EQ(1, gate_wait(&waiter->ready));
	ASSERT_TRUE(sleep_await_open(waiter->tid));
}

FIXTURE_TEARDOWN(signal)
{
	close(self->fd);
	gate_destroy(&waiter->ready);
	shared_free(waiter, sizeof(*waiter));
	EXPECT_EQ(0, module_unload("sleep"));
}

static int send_signal(pid_t pid, int signal, enum target to)
{
	if (to == TO_PROCESS)
		return sysret(kill(pid, signal));
	return sysret(syscall(SYS_tgkill, pid,
			      to == TO_WAITER ? waiter->tid : pid, signal));
}

/* SLEEP-1, SLEEP-2: open() spun in the kernel if it missed a signal. */
TEST_F(signal, ends_the_wait_where_it_ends_any_other)
{
	int nr_handled = variant->disposition == IS_HANDLED;

	ASSERT_EQ(0, send_signal(self->child, variant->signal, variant->to));
	if (!variant->ret) {
		EXPECT_TRUE(sleep_await_open(waiter->tid));
		close(self->fd);
	}
	EXPECT_EQ(variant->ret, await_task(self->child));
	EXPECT_EQ(nr_handled, waiter->nr_handled);

	close(self->fd);
	EXPECT_FREE();
}

static void do_nothing(int signal)
{
}

/*
 * Waits for the file, until a timer fires.  The timer is periodic, because it
 * may fire for the first time before the wait begins.
 */
static int wait_until_the_timer(void *arg)
{
	static const struct itimerval again = {
		.it_interval.tv_usec = TIMER_US,
		.it_value.tv_usec = TIMER_US,
	};
	const struct sigaction action = { .sa_handler = do_nothing };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &again, NULL);
	return sleep_open_and_close(NULL);
}

static void stop(struct __test_metadata *_metadata, pid_t child)
{
	ASSERT_EQ(0, kill(child, SIGSTOP));
	ASSERT_TRUE(await(await_is_stopped, child));
}

/* SLEEP-1 */
TEST_F(busy, timer_ends_the_wait)
{
	pid_t child = sleep_start(self->fd, wait_until_the_timer, NULL);

	ASSERT_LT(0, child);
	EXPECT_EQ(-EINTR, await_task(child));
}

/* SLEEP-1 */
TEST_F(busy, waiter_that_was_stopped_waits_on)
{
	pid_t child = sleep_holder_start_waiter(_metadata, self->fd);

	stop(_metadata, child);
	ASSERT_EQ(0, kill(child, SIGCONT));
	EXPECT_TRUE(sleep_await_open(child));

	close(self->fd);
	EXPECT_EQ(0, await_task(child));
}

/* SLEEP-1 */
TEST_F(busy, waiter_that_is_stopped_holds_up_nobody)
{
	pid_t child = sleep_holder_start_waiter(_metadata, self->fd);
	pid_t other = sleep_holder_start_waiter(_metadata, self->fd);

	stop(_metadata, child);
	close(self->fd);
	EXPECT_EQ(0, await_task(other));

	ASSERT_EQ(0, kill(child, SIGCONT));
	EXPECT_EQ(0, await_task(child));
}

TEST_HARNESS_MAIN
