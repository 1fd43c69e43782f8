// SPDX-License-Identifier: GPL-2.0
/*
 * Static key - which texts /dev/key_state accepts as a command
 */
#include <errno.h>
#include <fcntl.h>
#include <kselftest_harness.h>
#include <string.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/kmsg.h"
#include "lib/module.h"
#include "lib/sysret.h"

#define KEY_STATE	"/dev/key_state"
#define GIB		(1024 * 1024 * 1024L)

/*
 * This is in .bss, so that its address is low: even a buffer with a very large
 * count ends below the limit of user addresses.
 */
static char text[4096];

FIXTURE(command)
{
	struct kmsg log;
	int fd;
};

/*
 * The test writes .len bytes of .text, or all of it if .len is 0.  .state is
 * the state after the command, or NULL if the device must refuse the command.
 */
FIXTURE_VARIANT(command)
{
	const char *text;
	long len;
	const char *state;
};

FIXTURE_VARIANT_ADD(command, enable) { .text = "enable", .state = "enabled\n" };

FIXTURE_VARIANT_ADD(command, enable_newline)
{
	.text = "enable\n", .state = "enabled\n"
};

FIXTURE_VARIANT_ADD(command, disable)
{
	.text = "disable", .state = "disabled\n"
};

FIXTURE_VARIANT_ADD(command, disable_newline)
{
	.text = "disable\n", .state = "disabled\n"
};

FIXTURE_VARIANT_ADD(command, nothing) { .text = "" };
FIXTURE_VARIANT_ADD(command, newline) { .text = "\n" };
FIXTURE_VARIANT_ADD(command, en) { .text = "en" };
FIXTURE_VARIANT_ADD(command, enabl) { .text = "enabl" };
FIXTURE_VARIANT_ADD(command, enablex) { .text = "enablex" };
FIXTURE_VARIANT_ADD(command, enablexx) { .text = "enablexx" };
FIXTURE_VARIANT_ADD(command, enabled) { .text = "enabled" };
FIXTURE_VARIANT_ADD(command, disabled) { .text = "disabled?" };
FIXTURE_VARIANT_ADD(command, upper_case) { .text = "ENABLE" };
FIXTURE_VARIANT_ADD(command, blank_before) { .text = " enable" };
FIXTURE_VARIANT_ADD(command, blank_behind) { .text = "enable " };
FIXTURE_VARIANT_ADD(command, newline_before) { .text = "\nenable" };
FIXTURE_VARIANT_ADD(command, two_newlines) { .text = "enable\n\n" };
FIXTURE_VARIANT_ADD(command, nul_behind) { .text = "enable\0", .len = 7 };

FIXTURE_VARIANT_ADD(command, nul_and_newline)
{
	.text = "enable\0\n", .len = 8
};

FIXTURE_VARIANT_ADD(command, nul) { .text = "\0", .len = 1 };

/* The longest texts that are parsed, and two that are refused by length. */
FIXTURE_VARIANT_ADD(command, 10_bytes) { .text = "AAAAAAAAAA" };
FIXTURE_VARIANT_ADD(command, 10_bytes_from_disable) { .text = "disable\n\n\n" };
FIXTURE_VARIANT_ADD(command, 11_bytes) { .text = "disable\n\n\n\n" };
FIXTURE_VARIANT_ADD(command, 2_gib) { .text = "enable\n", .len = 2 * GIB };

FIXTURE_SETUP(command)
{
	ASSERT_EQ(0, module_reload("static_key", ""));
	self->fd = open(KEY_STATE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, kmsg_open(&self->log));
}

FIXTURE_TEARDOWN(command)
{
	close(self->fd);
	kmsg_close(&self->log);
	EXPECT_EQ(0, module_unload("static_key"));
}

/*
 * STATICKEY-2, STATICKEY-3: the original module compared a short command
 * together with what was on the stack after it, and logged both.  Of a long
 * command it compared only the start.
 */
TEST_F(command, switches_or_changes_nothing)
{
	static const char * const states[] = { "enabled\n", "disabled\n" };
	long len = variant->len ? variant->len : (long)strlen(variant->text);
	char state[16];
	size_t i;

	memcpy(text, variant->text, strlen(variant->text));
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		/*
		 * A state without its last letter and its newline is a command.
		 */
		ASSERT_LT(0, sysret(write(self->fd, states[i],
					  strlen(states[i]) - 2)));
		EXPECT_EQ(variant->state ? len : -EINVAL,
			  sysret(write(self->fd, text, len)));

		memset(state, 0, sizeof(state));
		EXPECT_LT(0, sysret(pread(self->fd, state, sizeof(state), 0)));
		EXPECT_STREQ(variant->state ? variant->state : states[i],
			     state);
	}
	EXPECT_NO_LOG(&self->log);
}

TEST_HARNESS_MAIN
