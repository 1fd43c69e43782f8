// SPDX-License-Identifier: GPL-2.0
/*
 * Full example - the length and the offset of a read or write of /proc/full_ex
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "full_ex.h"
#include "lib/sysret.h"

#define POISON	0xcc
#define GIB	(1024 * 1024 * 1024UL)

/*
 * Reads and writes with a very large length pass this buffer, which is shorter.
 * The module must access only its first bytes.
 */
static unsigned char buffer[16];

static void poison_buffer(void)
{
	memset(buffer, POISON, sizeof(buffer));
}

static bool is_poisoned_from(size_t at)
{
	for (; at < sizeof(buffer); at++) {
		if (buffer[at] != POISON)
			return false;
	}
	return true;
}

/* The first write to an open file sets the capacity: one byte, 1 to 100. */
FIXTURE(capacity)
{
	int fd;
};

FIXTURE_VARIANT(capacity)
{
	unsigned char byte;
	long ret;
};

FIXTURE_VARIANT_ADD(capacity, is_0) { 0, -EINVAL };
FIXTURE_VARIANT_ADD(capacity, is_1) { 1, 1 };
FIXTURE_VARIANT_ADD(capacity, is_100) { 100, 1 };
FIXTURE_VARIANT_ADD(capacity, is_101) { 101, -EINVAL };
FIXTURE_VARIANT_ADD(capacity, is_255) { 255, -EINVAL };

FIXTURE_SETUP(capacity)
{
	ASSERT_EQ(0, full_ex_load());
	self->fd = full_ex_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(capacity)
{
	close(self->fd);
}

TEST_F(capacity, is_as_many_values_as_there_is_room_for)
{
	int room = variant->byte;
	int i;

	EXPECT_EQ(variant->ret, full_ex_size(self->fd, variant->byte));
	if (variant->ret < 0) {
		ASSERT_EQ(1, full_ex_size(self->fd, 2));
		room = 2;
	}

	for (i = 0; i < room; i++)
		EXPECT_EQ(4, full_ex_push(self->fd, i));
	EXPECT_EQ(-EACCES, full_ex_push(self->fd, i));
}

/*
 * A length, and the results of a first write (.size_ret), of a later write
 * (.push_ret) and of a read (.pop_ret) of that length.
 */
FIXTURE(length)
{
	int fd;
};

FIXTURE_VARIANT(length)
{
	size_t count;
	long size_ret;
	long push_ret;
	long pop_ret;
};

FIXTURE_VARIANT_ADD(length, 0) { 0, -EINVAL, -EINVAL, -EINVAL };
FIXTURE_VARIANT_ADD(length, 1) { 1, 1, -EINVAL, -EINVAL };
FIXTURE_VARIANT_ADD(length, 2) { 2, -EINVAL, -EINVAL, -EINVAL };
FIXTURE_VARIANT_ADD(length, 3) { 3, -EINVAL, -EINVAL, -EINVAL };
FIXTURE_VARIANT_ADD(length, 4) { 4, -EINVAL, 4, 4 };
FIXTURE_VARIANT_ADD(length, 5) { 5, -EINVAL, -EINVAL, 4 };
FIXTURE_VARIANT_ADD(length, 8) { 8, -EINVAL, -EINVAL, 4 };
FIXTURE_VARIANT_ADD(length, 2_gib) { 2 * GIB, -EINVAL, -EINVAL, 4 };

FIXTURE_SETUP(length)
{
	ASSERT_EQ(0, full_ex_load());
	self->fd = full_ex_open();
	ASSERT_LE(0, self->fd);
	poison_buffer();
}

FIXTURE_TEARDOWN(length)
{
	close(self->fd);
}

/* FULLEX-8 */
TEST_F(length, other_than_1_sets_no_capacity)
{
	buffer[0] = 3;
	EXPECT_EQ(variant->size_ret,
		  full_ex_write(self->fd, buffer, variant->count));

	EXPECT_EQ(variant->size_ret == 1 ? -EINVAL : 1,
		  full_ex_size(self->fd, 3));
}

TEST_F(length, other_than_4_pushes_nothing)
{
	int value = 8;

	ASSERT_EQ(1, full_ex_size(self->fd, 2));
	ASSERT_EQ(4, full_ex_push(self->fd, 7));

	memcpy(buffer, &value, sizeof(value));
	EXPECT_EQ(variant->push_ret,
		  full_ex_write(self->fd, buffer, variant->count));

	EXPECT_POP(7, self->fd);
	if (variant->push_ret == 4)
		EXPECT_POP(8, self->fd);
	EXPECT_NOTHING_TO_POP(self->fd);
}

/* FULLEX-5 */
TEST_F(length, below_4_pops_nothing_and_above_reads_4)
{
	int value;

	ASSERT_EQ(1, full_ex_size(self->fd, 1));
	ASSERT_EQ(4, full_ex_push(self->fd, 7));

	EXPECT_EQ(variant->pop_ret,
		  sysret(read(self->fd, buffer, variant->count)));

	if (variant->pop_ret == 4) {
		memcpy(&value, buffer, sizeof(value));
		EXPECT_EQ(7, value);
		EXPECT_TRUE(is_poisoned_from(sizeof(value)));
	} else {
		EXPECT_TRUE(is_poisoned_from(0));
		EXPECT_POP(7, self->fd);
	}
	EXPECT_NOTHING_TO_POP(self->fd);
}

/* pread() and pwrite() at an offset. */
FIXTURE(offset)
{
	int fd;
};

FIXTURE_VARIANT(offset)
{
	off_t at;
	long ret;
};

FIXTURE_VARIANT_ADD(offset, 0) { 0, 4 };
FIXTURE_VARIANT_ADD(offset, 1) { 1, 4 };
FIXTURE_VARIANT_ADD(offset, 4_gib) { 4 * GIB, 4 };
FIXTURE_VARIANT_ADD(offset, largest) { LONG_MAX - 4, 4 };
FIXTURE_VARIANT_ADD(offset, negative) { -1, -EINVAL };

FIXTURE_SETUP(offset)
{
	ASSERT_EQ(0, full_ex_load());
	self->fd = full_ex_open_sized(2);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(offset)
{
	close(self->fd);
}

TEST_F(offset, makes_no_difference_to_a_read)
{
	int value = FULL_EX_POISON;

	ASSERT_EQ(4, full_ex_push(self->fd, 7));

	EXPECT_EQ(variant->ret, sysret(pread(self->fd, &value, 4, variant->at)));

	EXPECT_EQ(variant->ret == 4 ? 7 : FULL_EX_POISON, value);
	if (variant->ret < 0)
		EXPECT_POP(7, self->fd);
	EXPECT_NOTHING_TO_POP(self->fd);
}

TEST_F(offset, makes_no_difference_to_a_write)
{
	const int seven = 7;

	EXPECT_EQ(variant->ret, sysret(pwrite(self->fd, &seven, 4, variant->at)));

	if (variant->ret == 4)
		EXPECT_POP(7, self->fd);
	EXPECT_NOTHING_TO_POP(self->fd);
}

TEST_HARNESS_MAIN
