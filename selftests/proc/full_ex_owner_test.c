// SPDX-License-Identifier: GPL-2.0
/*
 * Full example - processes that own /proc/full_ex, and tasks that share it
 *
 * A process cannot open the file again while the file that it opened is open.
 * Every task that has a descriptor of the open file shares it.  The process may
 * open the file again when the last of these descriptors has been closed, no
 * matter in which process.
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "full_ex.h"
#include "lib/fdpass.h"
#include "lib/gate.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"

#define NR_KILLED	20

/*
 * The argument of a task: an open file, a socket, and the gates by which the
 * task and the test wait for each other.
 */
struct visit {
	int fd;
	int sock;
	struct gate arrived;
	struct gate leave;
};

static void *open_in_thread(void *arg)
{
	return (void *)(intptr_t)full_ex_open();
}

static void *close_in_thread(void *arg)
{
	struct visit *visit = arg;

	return (void *)(intptr_t)sysret(close(visit->fd));
}

static void *push_9_in_thread(void *arg)
{
	struct visit *visit = arg;

	return (void *)(intptr_t)full_ex_push(visit->fd, 9);
}

/*
 * Opens the file, pushes a value, and must pop that value, not another task's.
 */
static int use_own(void *arg)
{
	int fd = full_ex_open_sized(1);
	int value;

	if (fd < 0)
		return fd;
	if (full_ex_push(fd, 11) != 4 || full_ex_pop(fd, &value) != 4)
		return -EIO;
	return value == 11 ? 0 : -ERANGE;
}

/* Pops a value from the inherited open file, which must be 7, and pushes 9. */
static int use_inherited(void *arg)
{
	struct visit *visit = arg;
	int value;

	if (full_ex_pop(visit->fd, &value) != 4 || value != 7)
		return -EIO;
	return full_ex_push(visit->fd, 9) == 4 ? 0 : -EIO;
}

static int stay_until_told(void *arg)
{
	struct visit *visit = arg;

	gate_open(&visit->arrived);
	return gate_wait(&visit->leave) == 1 ? 0 : -EIO;
}

static int open_and_send(void *arg)
{
	struct visit *visit = arg;
	int fd = full_ex_open_sized(1);

	if (fd < 0)
		return fd;
	if (full_ex_push(fd, 7) != 4)
		return -EIO;
	return fdpass_send(visit->sock, fd) == 1 ? 0 : -EIO;
}

static int use_until_killed(void *arg)
{
	struct visit *visit = arg;
	int fd = full_ex_open_sized(1);
	int value;

	if (fd < 0)
		return fd;

	gate_open(&visit->arrived);
	while (full_ex_push(fd, 7) == 4 && full_ex_pop(fd, &value) == 4)
		continue;
	return -EIO;
}

/*
 * Opens the file, and then executes a shell in the same process.  The shell
 * opens the file again.
 */
static int open_and_exec(void *arg)
{
	int *flags = arg;
	int fd = open(FULL_EX, O_RDWR | *flags);

	if (fd < 0)
		return -errno;

	execl("/bin/sh", "sh", "-c", "exec 9<>" FULL_EX, NULL);
	return -errno;
}

/* An open file with room for two values, and gates for one other task. */
FIXTURE(owner)
{
	struct visit visit;
	int fd;
};

FIXTURE_SETUP(owner)
{
	ASSERT_EQ(0, full_ex_load());
	self->fd = full_ex_open_sized(2);
	ASSERT_LE(0, self->fd);
	self->visit.fd = self->fd;
	ASSERT_EQ(0, gate_init(&self->visit.arrived));
	ASSERT_EQ(0, gate_init(&self->visit.leave));
}

FIXTURE_TEARDOWN(owner)
{
	close(self->fd);
	gate_destroy(&self->visit.arrived);
	gate_destroy(&self->visit.leave);
}

/* FULLEX-4 */
TEST_F(owner, second_thread_cannot_open_again)
{
	EXPECT_EQ(-EACCES, task_run_thread(open_in_thread, NULL));
}

/* FULLEX-4 */
TEST_F(owner, second_thread_uses_the_file_of_the_first)
{
	EXPECT_EQ(4, task_run_thread(push_9_in_thread, &self->visit));
	EXPECT_POP(9, self->fd);
}

TEST_F(owner, second_thread_closes_for_the_first)
{
	EXPECT_EQ(0, task_run_thread(close_in_thread, &self->visit));

	self->fd = full_ex_open();
	EXPECT_LE(0, self->fd);
}

/* FULLEX-2, FULLEX-4 */
TEST_F(owner, file_outlives_the_thread_that_opened_it)
{
	close(self->fd);
	self->fd = task_run_thread(open_in_thread, NULL);
	ASSERT_LE(0, self->fd);

	EXPECT_EQ(1, full_ex_size(self->fd, 1));
	EXPECT_EQ(-EACCES, full_ex_open());

	close(self->fd);
	self->fd = full_ex_open();
	EXPECT_LE(0, self->fd);
}

TEST_F(owner, another_process_has_data_of_its_own)
{
	EXPECT_EQ(4, full_ex_push(self->fd, 7));

	EXPECT_EQ(0, task_run(use_own, NULL));

	EXPECT_POP(7, self->fd);
	EXPECT_NOTHING_TO_POP(self->fd);
}

/* FULLEX-4 */
TEST_F(owner, child_shares_what_it_inherited)
{
	EXPECT_EQ(4, full_ex_push(self->fd, 7));

	EXPECT_EQ(0, task_run(use_inherited, &self->visit));

	EXPECT_POP(9, self->fd);
}

/* FULLEX-2 */
TEST_F(owner, childs_exit_is_the_last_close)
{
	pid_t child = task_start(stay_until_told, &self->visit);

	ASSERT_EQ(1, gate_wait(&self->visit.arrived));
	close(self->fd);
	EXPECT_EQ(-EACCES, full_ex_open());

	gate_open(&self->visit.leave);
	EXPECT_EQ(0, task_wait(child));
	self->fd = full_ex_open();
	EXPECT_LE(0, self->fd);
}

TEST_F(owner, dup_keeps_the_file_open)
{
	int copy = dup(self->fd);

	close(self->fd);
	EXPECT_EQ(-EACCES, full_ex_open());
	EXPECT_EQ(4, full_ex_push(copy, 7));

	close(copy);
	self->fd = full_ex_open();
	EXPECT_LE(0, self->fd);
}

TEST_F(owner, exec_closes_only_what_is_marked_so)
{
	int kept = 0;
	int marked = O_CLOEXEC;

	EXPECT_NE(0, task_run(open_and_exec, &kept));
	EXPECT_EQ(0, task_run(open_and_exec, &marked));
}

/* FULLEX-2, FULLEX-4 */
TEST_F(owner, file_goes_to_whom_it_is_sent)
{
	int socks[2];
	int fd;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, socks));
	self->visit.sock = socks[1];
	EXPECT_EQ(0, task_run(open_and_send, &self->visit));

	fd = fdpass_receive(socks[0]);
	ASSERT_LE(0, fd);
	EXPECT_POP(7, fd);
	EXPECT_EQ(4, full_ex_push(fd, 9));
	EXPECT_NOTHING_TO_POP(self->fd);
	EXPECT_POP(9, fd);

	EXPECT_EQ(0, close(fd));
	close(socks[0]);
	close(socks[1]);
}

TEST_F(owner, killed_process_leaves_nothing_open)
{
	pid_t child;
	int i;

	for (i = 0; i < NR_KILLED; i++) {
		child = task_start(use_until_killed, &self->visit);
		ASSERT_EQ(1, gate_wait(&self->visit.arrived));
		ASSERT_EQ(0, kill(child, SIGKILL));
		EXPECT_EQ(SIGKILL, task_wait(child));
	}
	EXPECT_EQ(0, task_run(use_own, NULL));
	EXPECT_EQ(0, module_refcount("full_ex"));
}

TEST_HARNESS_MAIN
