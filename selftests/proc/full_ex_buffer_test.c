// SPDX-License-Identifier: GPL-2.0
/*
 * Full example - reads and writes of /proc/full_ex with memory that is no good
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "full_ex.h"
#include "sysret.h"

/*
 * Four bytes, the last of which cannot be accessed; the place is given from
 * the border between two pages, or from address 0:
 *
 *	| readable and writable | PROT_NONE |
 *	                        ^ border
 */
FIXTURE(bad_buffer)
{
	char *pages;
	size_t page_size;
	void *addr;
	void *last_byte;
	int fd;
};

FIXTURE_VARIANT(bad_buffer)
{
	bool from_border;
	intptr_t offset;
};

FIXTURE_VARIANT_ADD(bad_buffer, null)
{
	.from_border = false,
	.offset = 0,
};

FIXTURE_VARIANT_ADD(bad_buffer, of_the_kernel)
{
	.from_border = false,
	.offset = -4096,
};

FIXTURE_VARIANT_ADD(bad_buffer, prot_none)
{
	.from_border = true,
	.offset = 0,
};

FIXTURE_VARIANT_ADD(bad_buffer, half)
{
	.from_border = true,
	.offset = -2,
};

FIXTURE_SETUP(bad_buffer)
{
	self->page_size = sysconf(_SC_PAGESIZE);
	self->pages = mmap(NULL, 2 * self->page_size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->pages);
	ASSERT_EQ(0, mprotect(self->pages + self->page_size, self->page_size,
			      PROT_NONE));

	self->addr = (void *)variant->offset;
	if (variant->from_border)
		self->addr = self->pages + self->page_size + variant->offset;
	self->last_byte = (char *)self->addr + 3;

	ASSERT_EQ(0, full_ex_load());
	self->fd = full_ex_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(bad_buffer)
{
	close(self->fd);
	munmap(self->pages, 2 * self->page_size);
}

/* FULLEX-7 */
TEST_F(bad_buffer, sets_no_capacity)
{
	EXPECT_EQ(-EFAULT, full_ex_write(self->fd, self->last_byte, 1));

	EXPECT_EQ(1, full_ex_size(self->fd, 1));
}

/* FULLEX-7 */
TEST_F(bad_buffer, pushes_nothing)
{
	ASSERT_EQ(1, full_ex_size(self->fd, 1));

	EXPECT_EQ(-EFAULT, full_ex_write(self->fd, self->addr, 4));

	EXPECT_NOTHING_TO_POP(self->fd);
}

/* FULLEX-6 */
TEST_F(bad_buffer, pops_nothing)
{
	ASSERT_EQ(1, full_ex_size(self->fd, 2));
	ASSERT_EQ(4, full_ex_push(self->fd, 7));
	ASSERT_EQ(4, full_ex_push(self->fd, 8));

	EXPECT_EQ(-EFAULT, sysret(read(self->fd, self->addr, 4)));

	EXPECT_POP(7, self->fd);
	EXPECT_POP(8, self->fd);
}

TEST_HARNESS_MAIN
