/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Message sharing - a message file with several descriptors and tasks
 *
 * These are more tests for the variants of message_file.h.  All tasks share one
 * open file.  Each writer writes one of two messages: a long one of 'A' only,
 * or a short one of 'B' only.  A reader must always see all of one of these
 * messages.
 */
#ifndef _SELFTESTS_SUITES_MESSAGE_FILE_SHARE_H
#define _SELFTESTS_SUITES_MESSAGE_FILE_SHARE_H

#include <errno.h>
#include <kselftest_harness.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/fdpass.h"
#include "lib/file.h"
#include "lib/sysret.h"
#include "lib/task.h"
#include "message_file.h"

#define MESSAGE_MAX_TASKS	16
#define MESSAGE_CROWD_MS	150
/* A writer of 'A' tries to write this many bytes, most of which do not fit. */
#define MESSAGE_OFFERED		(1024 * 1024)

/* The argument of a task. */
struct message_task {
	int fd;
	int sock;
	long at;		/* offset of the message in a read's result */
	long behind;		/* number of bytes after the message */
	long capacity;
	const char *offered;
	long len;
	long ret;
	struct timespec end;
};

static inline int message_write_de(void *arg)
{
	struct message_task *task = arg;

	return sysret(write(task->fd, "de", 2)) == 2 ? 0 : -EPROTO;
}

static inline int message_write_de_to_passed(void *arg)
{
	struct message_task *task = arg;

	close(task->fd);
	task->fd = fdpass_receive(task->sock);
	return task->fd < 0 ? task->fd : message_write_de(task);
}

TEST_F(message, goes_on_through_a_duplicate)
{
	int fd = dup(self->fd);

	ASSERT_LE(0, fd);
	EXPECT_EQ(3, sysret(write(self->fd, "abc", 3)));
	EXPECT_EQ(2, sysret(write(fd, "de", 2)));
	EXPECT_EQ(0, close(fd));
	EXPECT_EQ(1, sysret(write(self->fd, "f", 1)));
	EXPECT_MESSAGE(self, variant, "abcdef");
}

TEST_F(message, goes_on_in_a_child)
{
	struct message_task task = { .fd = self->fd };

	EXPECT_EQ(3, sysret(write(self->fd, "abc", 3)));
	EXPECT_EQ(0, task_run(message_write_de, &task));
	EXPECT_EQ(1, sysret(write(self->fd, "f", 1)));
	EXPECT_MESSAGE(self, variant, "abcdef");
}

TEST_F(message, goes_on_where_its_file_was_passed_to)
{
	struct message_task task = { .fd = self->fd };
	int socks[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, socks));
	task.sock = socks[1];
	EXPECT_EQ(3, sysret(write(self->fd, "abc", 3)));
	EXPECT_EQ(1, fdpass_send(socks[0], self->fd));
	EXPECT_EQ(0, task_run(message_write_de_to_passed, &task));
	EXPECT_EQ(1, sysret(write(self->fd, "f", 1)));
	EXPECT_MESSAGE(self, variant, "abcdef");
	close(socks[0]);
	close(socks[1]);
}

static inline bool message_is_over(const struct message_task *task)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec != task->end.tv_sec)
		return now.tv_sec > task->end.tv_sec;
	return now.tv_nsec > task->end.tv_nsec;
}

/* Writes the task's message again and again, until the time is over. */
static inline int message_writer(void *arg)
{
	const struct message_task *task = arg;
	long ret;

	do {
		ret = sysret(pwrite(task->fd, task->offered, task->len, 0));
	} while (ret == task->ret && !message_is_over(task));

	return ret == task->ret ? 0 : -EPROTO;
}

static inline bool message_is_all(const char *bytes, long len, char byte)
{
	while (len--) {
		if (*bytes++ != byte)
			return false;
	}
	return true;
}

/*
 * Reads the file again and again, until the time is over.  Returns -EPROTO if a
 * read does not return all of one message.
 */
static inline int message_reader(void *arg)
{
	const struct message_task *task = arg;
	const long len_b = task->capacity / 2;
	const char *bytes;
	bool is_whole;
	long len;

	do {
		len = pread(task->fd, message_buf, MESSAGE_MAX, 0);
		len -= task->at + task->behind;
		bytes = message_buf + task->at;
		is_whole = (len == task->capacity &&
			    message_is_all(bytes, len, 'A')) ||
			   (len == len_b && message_is_all(bytes, len, 'B'));
	} while (is_whole && !message_is_over(task));

	return is_whole ? 0 : -EPROTO;
}

static inline void message_set_end(struct timespec *end)
{
	clock_gettime(CLOCK_MONOTONIC, end);
	end->tv_nsec += MESSAGE_CROWD_MS * 1000000L;
	if (end->tv_nsec >= 1000000000L) {
		end->tv_nsec -= 1000000000L;
		end->tv_sec++;
	}
}

/* Runs @nr writers and @nr readers; returns 0 or the first error. */
static inline int message_run_crowd(const struct message_task *task, int nr)
{
	struct message_task writer[2] = { *task, *task };
	pid_t tasks[MESSAGE_MAX_TASKS];
	int err = 0;
	int ret;
	int i;

	writer[0].len = MESSAGE_OFFERED;
	writer[0].ret = task->capacity;
	writer[1].offered += MESSAGE_OFFERED;
	writer[1].len = task->capacity / 2;
	writer[1].ret = task->capacity / 2;

	for (i = 0; i < nr; i++) {
		tasks[i] = task_start(message_writer, &writer[i % 2]);
		tasks[nr + i] = task_start(message_reader, (void *)task);
	}
	for (i = 0; i < 2 * nr; i++) {
		ret = tasks[i] < 0 ? tasks[i] : task_wait(tasks[i]);
		err = err ? err : ret;
	}
	return err;
}

static inline void message_init_task(struct message_task *task, int fd,
				     const FIXTURE_VARIANT(message) * variant)
{
	char *offered = mmap(NULL, 2 * MESSAGE_OFFERED, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (offered == MAP_FAILED)
		return;
	memset(offered, 'A', MESSAGE_OFFERED);
	memset(offered + MESSAGE_OFFERED, 'B', MESSAGE_OFFERED);

	*task = (struct message_task){ .fd = fd, .offered = offered };
	task->capacity = variant->capacity;
	task->at = variant->before ? strlen(variant->before) : 0;
	task->behind = variant->after ? strlen(variant->after) : 0;
	message_set_end(&task->end);
}

static void expect_whole_messages(struct __test_metadata *_metadata, int fd,
				  const FIXTURE_VARIANT(message) * variant,
				  int nr)
{
	struct message_task task = { .offered = NULL };

	message_init_task(&task, fd, variant);
	ASSERT_NE(NULL, task.offered);
	ASSERT_EQ(variant->capacity,
		  sysret(pwrite(fd, task.offered, variant->capacity, 0)));

	EXPECT_EQ(0, message_run_crowd(&task, nr));
	munmap((void *)task.offered, 2 * MESSAGE_OFFERED);
}

/* PROCFS2-7, PROCFS3-4, SLEEP-10, CHARDEV2-8 */
TEST_F(message, is_one_of_those_that_two_write)
{
	expect_whole_messages(_metadata, self->fd, variant, 2);
}

/* PROCFS2-7, PROCFS3-4, SLEEP-10, CHARDEV2-8 */
TEST_F(message, is_one_of_those_that_eight_write)
{
	expect_whole_messages(_metadata, self->fd, variant,
			      MESSAGE_MAX_TASKS / 2);
}

#endif /* _SELFTESTS_SUITES_MESSAGE_FILE_SHARE_H */
