// SPDX-License-Identifier: GPL-2.0
/*
 * Full example - reads and writes of /proc/full_ex by one process
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "full_ex.h"
#include "lib/kmsg.h"
#include "lib/sysret.h"
#include "lib/task.h"

/*
 * The number of slots in the ring buffer of an open file.  An index into the
 * ring wraps after this many pushes.
 */
#define NR_SLOTS	128
#define NR_STEPS	4000

/* A naive model of the deque, with which a test compares the file. */
struct model {
	int value[FULL_EX_MAX_CAPACITY];
	int length;
	int capacity;
};

static long model_push(struct model *model, int value)
{
	int at = value & 1 ? 0 : model->length;

	if (model->length == model->capacity)
		return -EACCES;

	memmove(&model->value[at + 1], &model->value[at],
		(model->length++ - at) * sizeof(value));
	model->value[at] = value;
	return sizeof(value);
}

static long model_pop(struct model *model, int *value)
{
	*value = FULL_EX_POISON;
	if (!model->length)
		return -EACCES;

	*value = model->value[0];
	memmove(&model->value[0], &model->value[1],
		--model->length * sizeof(*value));
	return sizeof(*value);
}

/*
 * Fills a deque, and then keeps it full: pops each value in turn and pushes
 * another, until the indices have wrapped.  Returns 0, or the value at which a
 * call returned a wrong result.
 */
static int rotate(int fd, int capacity)
{
	int value;
	int i;

	for (i = 0; i < 2 * (capacity + NR_SLOTS); i += 2) {
		if (i / 2 >= capacity &&
		    (full_ex_pop(fd, &value) != 4 || value != i - 2 * capacity))
			return i;
		if (full_ex_push(fd, i) != 4)
			return i;
	}
	return full_ex_push(fd, i) == -EACCES ? 0 : i;
}

/*
 * Fills a deque by pushes on the left, so that the indices decrease, and then
 * empties it.  Returns 0, or the value at which a call returned a wrong result.
 */
static int stack(int fd, int capacity)
{
	int value;
	int i;

	for (i = 0; i < capacity; i++) {
		if (full_ex_push(fd, 2 * i + 1) != 4)
			return 2 * i + 1;
	}
	while (i--) {
		if (full_ex_pop(fd, &value) != 4 || value != 2 * i + 1)
			return 2 * i + 1;
	}
	return full_ex_pop(fd, &value) == -EACCES ? 0 : -1;
}

static int use_as_nobody(void *arg)
{
	int value;
	int fd;

	if (task_become_nobody())
		return -EPERM;

	fd = full_ex_open_sized(1);
	if (fd < 0)
		return fd;
	if (full_ex_push(fd, 7) != 4 || full_ex_pop(fd, &value) != 4)
		return -EIO;
	return value == 7 ? 0 : -ERANGE;
}

/* An open file whose capacity has not been set. */
FIXTURE(full_ex)
{
	int fd;
};

FIXTURE_SETUP(full_ex)
{
	ASSERT_EQ(0, full_ex_load());
	self->fd = full_ex_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(full_ex)
{
	close(self->fd);
}

/* FULLEX-9 */
TEST_F(full_ex, mode_is_0666)
{
	struct stat st;

	ASSERT_EQ(0, stat(FULL_EX, &st));
	EXPECT_EQ(S_IFREG | 0666, st.st_mode);
}

/* FULLEX-9 */
TEST_F(full_ex, nobody_can_open_and_use_it)
{
	EXPECT_EQ(0, task_run(use_as_nobody, NULL));
}

/* FULLEX-1 */
TEST_F(full_ex, capacity_and_values_are_the_bytes_written)
{
	EXPECT_EQ(1, full_ex_size(self->fd, 2));
	EXPECT_EQ(4, full_ex_push(self->fd, 0x12345678));
	EXPECT_EQ(4, full_ex_push(self->fd, 0x76543210));
	EXPECT_EQ(-EACCES, full_ex_push(self->fd, 2));

	EXPECT_POP(0x12345678, self->fd);
	EXPECT_POP(0x76543210, self->fd);
}

TEST_F(full_ex, read_before_the_capacity_returns_eacces)
{
	EXPECT_NOTHING_TO_POP(self->fd);
}

TEST_F(full_ex, read_on_empty_returns_eacces)
{
	EXPECT_EQ(1, full_ex_size(self->fd, 1));
	EXPECT_NOTHING_TO_POP(self->fd);

	EXPECT_EQ(4, full_ex_push(self->fd, 7));
	EXPECT_POP(7, self->fd);
	EXPECT_NOTHING_TO_POP(self->fd);
}

TEST_F(full_ex, write_on_full_returns_eacces_and_changes_nothing)
{
	EXPECT_EQ(1, full_ex_size(self->fd, 2));
	EXPECT_EQ(4, full_ex_push(self->fd, 1));
	EXPECT_EQ(4, full_ex_push(self->fd, 2));

	EXPECT_EQ(-EACCES, full_ex_push(self->fd, 3));
	EXPECT_EQ(-EACCES, full_ex_push(self->fd, 4));

	EXPECT_POP(1, self->fd);
	EXPECT_POP(2, self->fd);
	EXPECT_NOTHING_TO_POP(self->fd);
}

TEST_F(full_ex, odd_goes_left_and_even_goes_right)
{
	const int values[] = { 1, 2, 3, 4, 5, 0 };

	EXPECT_EQ(1, full_ex_size(self->fd, 6));
	EXPECT_EQ(0, full_ex_push_all(self->fd, values, 6));

	EXPECT_POP(5, self->fd);
	EXPECT_POP(3, self->fd);
	EXPECT_POP(1, self->fd);
	EXPECT_POP(2, self->fd);
	EXPECT_POP(4, self->fd);
	EXPECT_POP(0, self->fd);
}

TEST_F(full_ex, negative_odd_goes_left)
{
	const int values[] = { 2, -1, -2, -3, INT_MIN, INT_MAX, INT_MIN + 1 };

	EXPECT_EQ(1, full_ex_size(self->fd, 7));
	EXPECT_EQ(0, full_ex_push_all(self->fd, values, 7));

	EXPECT_POP(INT_MIN + 1, self->fd);
	EXPECT_POP(INT_MAX, self->fd);
	EXPECT_POP(-3, self->fd);
	EXPECT_POP(-1, self->fd);
	EXPECT_POP(2, self->fd);
	EXPECT_POP(-2, self->fd);
	EXPECT_POP(INT_MIN, self->fd);
}

TEST_F(full_ex, second_open_returns_eacces_and_harms_nothing)
{
	EXPECT_EQ(1, full_ex_size(self->fd, 1));
	EXPECT_EQ(4, full_ex_push(self->fd, 7));

	EXPECT_EQ(-EACCES, full_ex_open());

	EXPECT_POP(7, self->fd);
}

TEST_F(full_ex, open_after_close_starts_anew)
{
	EXPECT_EQ(1, full_ex_size(self->fd, 1));
	EXPECT_EQ(4, full_ex_push(self->fd, 7));

	close(self->fd);
	self->fd = full_ex_open();
	ASSERT_LE(0, self->fd);

	EXPECT_NOTHING_TO_POP(self->fd);
	EXPECT_EQ(-EINVAL, full_ex_push(self->fd, 7));
	EXPECT_EQ(1, full_ex_size(self->fd, 3));
}

TEST_F(full_ex, seek_returns_espipe)
{
	EXPECT_EQ(-ESPIPE, sysret(lseek(self->fd, 0, SEEK_SET)));
	EXPECT_EQ(-ESPIPE, sysret(lseek(self->fd, 0, SEEK_CUR)));
	EXPECT_EQ(-ESPIPE, sysret(lseek(self->fd, 0, SEEK_END)));
}

TEST_F(full_ex, poll_never_blocks)
{
	struct pollfd entry = { .fd = self->fd, .events = POLLIN | POLLOUT };

	EXPECT_EQ(1, poll(&entry, 1, -1));
	EXPECT_EQ(POLLIN | POLLOUT, entry.revents);
}

TEST_F(full_ex, ring_wraps_at_every_capacity)
{
	int capacity;

	for (capacity = 1; capacity <= FULL_EX_MAX_CAPACITY; capacity++) {
		close(self->fd);
		self->fd = full_ex_open_sized(capacity);
		ASSERT_LE(0, self->fd);

		EXPECT_EQ(0, stack(self->fd, capacity))
			TH_LOG("with capacity %d", capacity);
		EXPECT_EQ(0, rotate(self->fd, capacity))
			TH_LOG("with capacity %d", capacity);
	}
}

TEST_F(full_ex, random_steps_agree_with_a_model)
{
	struct model model = { .capacity = 5 };
	int expected, seen;
	int i;

	srandom(1);
	ASSERT_EQ(1, full_ex_size(self->fd, model.capacity));

	for (i = 0; i < NR_STEPS; i++) {
		if (random() & 1) {
			expected = random() << 1 ^ random();
			seen = expected;
			ASSERT_EQ(model_push(&model, expected),
				  full_ex_push(self->fd, seen));
		} else {
			ASSERT_EQ(model_pop(&model, &expected),
				  full_ex_pop(self->fd, &seen));
		}
		ASSERT_EQ(expected, seen);
	}
}

/* FULLEX-14 */
TEST_F(full_ex, logs_nothing)
{
	struct kmsg log;
	int fd;

	close(self->fd);
	ASSERT_LE(0, kmsg_open(&log));
	ASSERT_EQ(0, module_unload("full_ex"));
	ASSERT_EQ(0, module_load("full_ex", ""));

	fd = full_ex_open();
	self->fd = fd;
	EXPECT_EQ(-EACCES, full_ex_open());
	EXPECT_EQ(-EINVAL, full_ex_size(fd, 0));
	EXPECT_EQ(1, full_ex_size(fd, 1));
	EXPECT_NOTHING_TO_POP(fd);
	EXPECT_EQ(4, full_ex_push(fd, 7));
	EXPECT_EQ(-EACCES, full_ex_push(fd, 9));
	EXPECT_EQ(-EFAULT, full_ex_write(fd, (void *)-1, 4));
	EXPECT_POP(7, fd);
	close(fd);
	ASSERT_EQ(0, module_unload("full_ex"));

	EXPECT_NO_LOG(&log);
	kmsg_close(&log);
}

TEST_HARNESS_MAIN
