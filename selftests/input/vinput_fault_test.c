// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual input - a device whose export fails half-way
 *
 * Whichever allocation fails, export either succeeds without it or says why not
 * and leaves nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"
#include "sysret.h"
#include "vinput.h"

FIXTURE(export_fault)
{
	int fail_nth;
	int fd;
};

FIXTURE_VARIANT(export_fault)
{
	const char *type;
	const char *text;
};

FIXTURE_VARIANT_ADD(export_fault, vkbd) { .type = "vkbd", .text = "+34" };
FIXTURE_VARIANT_ADD(export_fault, vmouse) { .type = "vmouse", .text = "1 1 1" };

FIXTURE_SETUP(export_fault)
{
	self->fail_nth = fault_open();
	if (self->fail_nth == -ENOENT)
		SKIP(return, "needs CONFIG_FAULT_INJECTION");
	ASSERT_LE(0, self->fail_nth);

	ASSERT_EQ(0, vinput_begin(variant->type));
	self->fd = open(VINPUT_EXPORT, O_WRONLY | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	fault_prepare();
}

FIXTURE_TEARDOWN(export_fault)
{
	fault_restore();
	close(self->fd);
	close(self->fail_nth);
	vinput_clear();
}

/* Plays on the device, whose number is the lowest again. */
static int play_and_unexport(const char *text)
{
	int fd = vinput_open(0);
	long ret = fd < 0 ? fd : vinput_put(fd, text);

	if (fd >= 0)
		close(fd);
	return ret < 0 ? ret : vinput_unexport(0);
}

static bool is_nothing_left(void)
{
	char path[VINPUT_MAX_PATH];

	return vinput_find(VINPUT_CLASS "/vinput*", path,
			   sizeof(path)) == -ENOENT &&
	       access(VINPUT0, F_OK);
}

/* A device for whose name there was no memory is refused with EINVAL. */
static bool is_cause(long err)
{
	return fault_is_cause(err) || err == -EINVAL;
}

/*
 * VINPUT-4, VINPUT-5, VINPUT-6, VINPUT-7: a warning of the kernel would end it
 * here
 */
TEST_F(export_fault, leaves_nothing)
{
	bool had_fault;
	int nth = 0;
	long ret;

	do {
		fault_arm(self->fail_nth, ++nth);
		ret = vinput_put(self->fd, variant->type);
		had_fault = fault_disarm(self->fail_nth);
		if (ret < 0) {
			ASSERT_TRUE(is_cause(ret))
				TH_LOG("fault %d: export returned %ld", nth, ret);
		} else {
			ASSERT_EQ(0, play_and_unexport(variant->text))
				TH_LOG("fault %d", nth);
		}
		ASSERT_TRUE(is_nothing_left())
			TH_LOG("fault %d: export returned %ld", nth, ret);
	} while (had_fault);

	EXPECT_LT(1, nth);
	EXPECT_LT(0, ret);
}

TEST_HARNESS_MAIN
