// SPDX-License-Identifier: GPL-2.0
/*
 * Hello 4 - the module's file names the author, the licence and a description
 */
#include <kselftest_harness.h>
#include <unistd.h>

#include "lib/elf_module.h"
#include "lib/kmsg.h"
#include "lib/module.h"

FIXTURE(hello_4)
{
	struct kmsg log;
};

FIXTURE_SETUP(hello_4)
{
	ASSERT_LE(0, kmsg_open(&self->log));
	ASSERT_EQ(0, module_load("hello-4", ""));
}

FIXTURE_TEARDOWN(hello_4)
{
	module_unload("hello-4");
	kmsg_close(&self->log);
}

TEST_F(hello_4, load_says_hello)
{
	EXPECT_LOG(&self->log, "Hello, world 4");
}

TEST_F(hello_4, unload_says_goodbye)
{
	kmsg_skip(&self->log);

	ASSERT_EQ(0, module_unload("hello-4"));
	EXPECT_LOG(&self->log, "Goodbye, world 4");
}

TEST(file_has_the_documented_tags)
{
	int fd = module_open("hello-4");
	struct ko ko;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ko_map(&ko, fd));

	EXPECT_STREQ("A sample driver", ko_tag(&ko, "description", 0));
	EXPECT_STREQ("LKMPG", ko_tag(&ko, "author", 0));
	EXPECT_STREQ("GPL", ko_tag(&ko, "license", 0));
	EXPECT_STREQ("hello_4", ko_tag(&ko, "name", 0));

	ko_unmap(&ko);
	close(fd);
}

TEST_HARNESS_MAIN
