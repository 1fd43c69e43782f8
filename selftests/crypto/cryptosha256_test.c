// SPDX-License-Identifier: GPL-2.0
/*
 * Crypto SHA-256 - the hash that the module logs, and the references it takes
 */
#include <errno.h>
#include <kselftest_harness.h>
#include <syslog.h>
#include <unistd.h>

#include "algorithm.h"
#include "lib/elf_module.h"
#include "lib/kmsg.h"
#include "lib/loader.h"
#include "lib/module.h"

#define MODULE		"cryptosha256"
#define LINE_1		"sha256 test for string: \"This is a test\""
#define LINE_2		"c7be1ed902fb8dd4d48997c6452f5d7e509fbcdbe2808b16bcf4edce4c07d14e"
#define NR_LOADS	20

FIXTURE(cryptosha256)
{
	struct kmsg log;
	int file;
};

FIXTURE_SETUP(cryptosha256)
{
	self->file = loader_open(MODULE, &self->log);
	ASSERT_LE(0, self->file);
}

FIXTURE_TEARDOWN(cryptosha256)
{
	loader_close(self->file, MODULE, &self->log);
}

/* SHA256-3 */
TEST_F(cryptosha256, logs_the_text_and_its_hash)
{
	ASSERT_EQ(0, module_insert(self->file, ""));
	EXPECT_STREQ(LINE_1, kmsg_next(&self->log));
	EXPECT_EQ(LOG_INFO, self->log.level);
	EXPECT_STREQ(LINE_2, kmsg_next(&self->log));
	EXPECT_EQ(LOG_INFO, self->log.level);
	EXPECT_NO_LOG(&self->log);
}

TEST_F(cryptosha256, unload_is_silent)
{
	ASSERT_EQ(0, module_insert(self->file, ""));
	kmsg_skip(&self->log);

	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_NO_LOG(&self->log);
}

/* SHA256-1 */
TEST_F(cryptosha256, nobody_uses_the_algorithm_when_it_has_been_loaded)
{
	long before = algorithm_refs("sha256");

	ASSERT_LT(0, before);
	ASSERT_EQ(0, module_insert(self->file, ""));
	EXPECT_EQ(before, algorithm_refs("sha256"));
}

TEST_F(cryptosha256, loads_and_unloads_again_and_again)
{
	long before = algorithm_refs("sha256");
	int i;

	for (i = 0; i < NR_LOADS; i++) {
		ASSERT_EQ(0, module_insert(self->file, ""));
		ASSERT_EQ(0, module_unload(MODULE));
		EXPECT_LOG(&self->log, LINE_1, LINE_2);
	}
	EXPECT_EQ(before, algorithm_refs("sha256"));
}

/* SHA256-3 */
TEST_F(cryptosha256, frees_nothing_that_it_has_not_overwritten)
{
	struct ko ko;

	ASSERT_EQ(0, ko_map(&ko, self->file));
	EXPECT_TRUE(ko_needs(&ko, "crypto_shash_digest"));
	EXPECT_FALSE(ko_needs(&ko, "kfree"));
	ko_unmap(&ko);
}

TEST_HARNESS_MAIN
