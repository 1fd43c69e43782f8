// SPDX-License-Identifier: GPL-2.0
/*
 * Test - the module answer does what its users expect
 *
 * "modproof test" builds this program, and runs it in a guest that has the modules
 * in /run/ko.  Before each TEST_F() the module is loaded, and after it unloaded.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kselftest_harness.h"

#define MODULE_FILE	"/run/ko/answer.ko"
#define MODULE_NAME	"answer"
#define MODULE_PARAMS	""

FIXTURE(module) {
};

/* If the module needs others, load these before: system("modprobe crc32c"). */
FIXTURE_SETUP(module)
{
	int fd = open(MODULE_FILE, O_RDONLY | O_CLOEXEC);

	ASSERT_LE(0, fd) TH_LOG("%s: %s", MODULE_FILE, strerror(errno));
	ASSERT_EQ(0, syscall(SYS_finit_module, fd, MODULE_PARAMS, 0))
		TH_LOG("%s does not load: %s", MODULE_NAME, strerror(errno));
	close(fd);
}

FIXTURE_TEARDOWN(module)
{
	EXPECT_EQ(0, syscall(SYS_delete_module, MODULE_NAME, O_NONBLOCK))
		TH_LOG("%s does not unload: %s", MODULE_NAME, strerror(errno));
}

TEST_F(module, contains_42)
{
	char text[8] = "";
	int fd = open("/dev/answer", O_RDONLY);

	ASSERT_LE(0, fd);
	EXPECT_EQ(3, read(fd, text, sizeof(text)));
	EXPECT_STREQ("42\n", text);
	EXPECT_EQ(0, read(fd, text, sizeof(text)));
	close(fd);
}

TEST_HARNESS_MAIN
