// SPDX-License-Identifier: GPL-2.0
/*
 * Chardev 2 - concurrent writes, reads and ioctls of /dev/char_dev
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "chardev2.h"
#include "lib/file.h"
#include "lib/module.h"
#include "lib/sysret.h"
#include "lib/task.h"

#define NR_ROUNDS	3000
/* How often the message must have a different length than the one before. */
#define NR_CHANGES	300
/*
 * The number is odd, so that the text is different afterwards, even if no other
 * task has run meanwhile.
 */
#define NR_IN_A_ROW	999
#define LEN_A		BUF_LEN
#define LEN_B		(BUF_LEN / 2)

/* Two strings, of all 'A' and of all 'B'. */
static char a_string[LEN_A + 1];
static char b_string[LEN_B + 1];

/*
 * A message of 'A'.  A thread repeatedly cuts it and restores it, while the
 * test sets it.
 */
struct changing {
	char text[BUF_LEN + 1];
	bool is_over;
};

static bool is_whole(const char *text, long len)
{
	return (len == LEN_A && !memcmp(a_string, text, LEN_A)) ||
	       (len == LEN_B && !memcmp(b_string, text, LEN_B));
}

static int set_a(int fd)
{
	return chardev2_set(fd, a_string);
}

static int write_b(int fd)
{
	long ret = sysret(pwrite(fd, b_string, LEN_B, 0));

	return ret == LEN_B ? 0 : ret;
}

static int get(int fd)
{
	char room[CHARDEV2_ROOM];
	int err = chardev2_get(fd, room);

	if (err)
		return err;
	if (file_unpoisoned(room, CHARDEV2_ROOM) != strnlen(room, BUF_LEN) + 1)
		return -EOVERFLOW;
	return is_whole(room, strlen(room)) ? 0 : -EPROTO;
}

static int read_all(int fd)
{
	char room[CHARDEV2_ROOM];
	long len = sysret(pread(fd, room, CHARDEV2_ROOM, 0));

	if (len < 0)
		return len;
	return is_whole(room, len) ? 0 : -EPROTO;
}

static int get_byte(int fd)
{
	int byte = chardev2_byte(fd, 0);

	if (byte < 0)
		return byte;
	return byte == 'A' || byte == 'B' ? 0 : -EPROTO;
}

/* One of the tasks that share an open file. */
struct user {
	int fd;
	int (*use)(int fd);
};

static int use_many_times(void *arg)
{
	const struct user *user = arg;
	int err = 0;
	int i;

	for (i = 0; !err && i < NR_ROUNDS; i++)
		err = user->use(user->fd);
	return err;
}

/*
 * Cuts and restores the message, until .is_over is set.  Yields now and then,
 * because there may be only one processor.
 */
static void *change_until_over(void *arg)
{
	struct changing *changing = arg;
	int i;

	while (!__atomic_load_n(&changing->is_over, __ATOMIC_RELAXED)) {
		for (i = 0; i < NR_IN_A_ROW; i++)
			__atomic_fetch_xor(&changing->text[LEN_B], 'A',
					   __ATOMIC_RELAXED);
		sched_yield();
	}
	return NULL;
}

FIXTURE(race)
{
	char room[CHARDEV2_ROOM];
	int fd;
};

FIXTURE_SETUP(race)
{
	memset(a_string, 'A', LEN_A);
	memset(b_string, 'B', LEN_B);
	ASSERT_EQ(0, module_reload("chardev2", ""));
	self->fd = chardev2_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(race)
{
	close(self->fd);
	EXPECT_EQ(0, module_unload("chardev2"));
}

/* CHARDEV2-8: no call fails, not even with a spurious -EBUSY. */
TEST_F(race, message_is_whole_however_it_is_set_and_got)
{
	static int (* const uses[])(int fd) = {
		set_a, write_b, get, read_all, get_byte,
	};
	struct user users[ARRAY_SIZE(uses)];
	pid_t tasks[ARRAY_SIZE(uses)];
	size_t i;

	ASSERT_EQ(0, set_a(self->fd));
	for (i = 0; i < ARRAY_SIZE(uses); i++) {
		users[i] = (struct user){ .fd = self->fd, .use = uses[i] };
		tasks[i] = task_start(use_many_times, &users[i]);
		ASSERT_LT(0, tasks[i]);
	}
	for (i = 0; i < ARRAY_SIZE(uses); i++)
		EXPECT_EQ(0, task_wait(tasks[i])) TH_LOG("use %zu", i);
}

/*
 * CHARDEV2-9: the driver reads the string only once, so the length of the
 * message fits its bytes.
 */
TEST_F(race, message_that_changes_while_it_is_set_ends_where_it_ends)
{
	struct changing changing = { .is_over = false };
	pthread_t thread;
	long last = LEN_A;
	long len;
	int nr = 0;

	memcpy(changing.text, a_string, sizeof(a_string));
	ASSERT_EQ(0, pthread_create(&thread, NULL, change_until_over,
				    &changing));
	while (nr < NR_CHANGES) {
		ASSERT_EQ(0, chardev2_set(self->fd, changing.text));
		len = sysret(pread(self->fd, self->room, CHARDEV2_ROOM, 0));
		ASSERT_TRUE(len == LEN_A || len == LEN_B);
		ASSERT_EQ(0, memcmp(a_string, self->room, len));
		nr += len != last;
		last = len;
		sched_yield();
	}
	__atomic_store_n(&changing.is_over, true, __ATOMIC_RELAXED);
	EXPECT_EQ(0, pthread_join(thread, NULL));
}

TEST_HARNESS_MAIN
