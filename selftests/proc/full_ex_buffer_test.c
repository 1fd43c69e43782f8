// SPDX-License-Identifier: GPL-2.0
/*
 * Full example - reads and writes of /proc/full_ex with a bad user buffer
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <unistd.h>

#include "full_ex.h"
#include "lib/sysret.h"
#include "lib/usermem.h"

/* A buffer of four bytes, the last of which cannot be accessed. */
FIXTURE(bad_buffer)
{
	struct usermem mem;
	void *addr;
	void *last_byte;
	int fd;
};

FIXTURE_VARIANT(bad_buffer)
{
	enum usermem_kind kind;
};

FIXTURE_VARIANT_ADD(bad_buffer, null)
{
	.kind = USERMEM_NULL,
};

FIXTURE_VARIANT_ADD(bad_buffer, of_the_kernel)
{
	.kind = USERMEM_OF_THE_KERNEL,
};

FIXTURE_VARIANT_ADD(bad_buffer, prot_none)
{
	.kind = USERMEM_PROT_NONE,
};

FIXTURE_VARIANT_ADD(bad_buffer, half)
{
	.kind = USERMEM_HALF,
};

FIXTURE_SETUP(bad_buffer)
{
	ASSERT_EQ(0, usermem_init(&self->mem));
	self->addr = usermem_addr(&self->mem, variant->kind);
	self->last_byte = (char *)self->addr + 3;

	ASSERT_EQ(0, full_ex_load());
	self->fd = full_ex_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(bad_buffer)
{
	close(self->fd);
	usermem_destroy(&self->mem);
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
