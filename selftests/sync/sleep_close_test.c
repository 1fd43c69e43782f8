// SPDX-License-Identifier: GPL-2.0
/*
 * Sleep - the last close of /proc/sleep, and the task that it wakes
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/await.h"
#include "lib/fdpass.h"
#include "lib/gate.h"
#include "lib/task.h"
#include "sleep.h"
#include "sleep_holder.h"

#define NR_KILLED	20

TEST_F(busy, last_close_is_that_of_a_duplicate)
{
	pid_t child = sleep_holder_start_waiter(_metadata, self->fd);
	int copy = dup(self->fd);

	ASSERT_LE(0, copy);
	close(self->fd);
	EXPECT_TRUE(sleep_is_in_open(child));

	close(copy);
	EXPECT_EQ(0, await_task(child));
}

TEST_F(busy, last_close_is_the_exit_of_a_child)
{
	pid_t heir = task_start(sleep_holder_stay_until_told, self->crowd);
	pid_t child = sleep_holder_start_waiter(_metadata, self->fd);

	close(self->fd);
	EXPECT_TRUE(sleep_is_in_open(child));
	EXPECT_EQ(-EAGAIN, sleep_open(O_NONBLOCK));

	gate_open(&self->crowd->leave);
	EXPECT_EQ(0, await_task(heir));
	EXPECT_EQ(0, await_task(child));
}

TEST_F(busy, last_close_is_where_the_file_was_passed_to)
{
	int socks[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, socks));
	ASSERT_EQ(1, fdpass_send(socks[0], self->fd));
	close(self->fd);
	EXPECT_EQ(-EAGAIN, sleep_open(O_NONBLOCK));

	self->fd = fdpass_receive(socks[1]);
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(-EAGAIN, sleep_open(O_NONBLOCK));
	close(self->fd);
	EXPECT_FREE();
	close(socks[0]);
	close(socks[1]);
}

TEST_F(busy, killed_holder_lets_the_next_in)
{
	pid_t holder = sleep_holder_start(_metadata, self->fd, sleep_holder_open_and_stay,
				    self->crowd);
	pid_t child = sleep_holder_start_waiter(_metadata, self->fd);

	close(self->fd);
	ASSERT_EQ(1, gate_wait(&self->crowd->arrived));
	ASSERT_EQ(0, kill(holder, SIGKILL));

	EXPECT_EQ(SIGKILL, await_task(holder));
	EXPECT_EQ(0, await_task(child));
}

/*
 * In every second round, the test closes the file before it kills the first
 * waiter, which the close may then have woken already.
 */
TEST_F(busy, killed_waiter_does_not_keep_the_next_from_waking)
{
	pid_t killed;
	pid_t child;
	int i;

	for (i = 0; i < NR_KILLED; i++) {
		killed = sleep_holder_start_waiter(_metadata, self->fd);
		child = sleep_holder_start_waiter(_metadata, self->fd);
		if (i % 2)
			close(self->fd);
		kill(killed, SIGKILL);
		if (i % 2 == 0)
			close(self->fd);

		EXPECT_LE(0, await_task(killed));
		ASSERT_EQ(0, await_task(child));
		self->fd = sleep_open(O_NONBLOCK);
		ASSERT_LE(0, self->fd);
	}
}

TEST_HARNESS_MAIN
