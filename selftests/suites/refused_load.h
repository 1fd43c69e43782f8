/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Refused load - the loading of a module with parameters that it does not take
 *
 * A test program includes this and adds a variant for each value.
 */
#ifndef _SELFTESTS_SUITES_REFUSED_LOAD_H
#define _SELFTESTS_SUITES_REFUSED_LOAD_H

#include <errno.h>
#include <kselftest_harness.h>
#include <unistd.h>

#include "lib/description.h"
#include "lib/module.h"
#include "lib/sysret.h"

FIXTURE(refused)
{
};

/* .path is what the module creates, or NULL; .err is what loading returns. */
FIXTURE_VARIANT(refused)
{
	const char *module;
	const char *path;
	const char *params;
	int err;
};

FIXTURE_SETUP(refused)
{
}

FIXTURE_TEARDOWN(refused)
{
	module_unload(variant->module);
}

/* BLKRAM-2, BLKRAM-3, DMA-3 */
TEST_F(refused, load_fails_and_leaves_nothing)
{
	EXPECT_EQ(variant->err, module_load(variant->module, variant->params));
	EXPECT_FALSE(module_is_loaded(variant->module));
	if (variant->path)
		EXPECT_EQ(-ENOENT, sysret(access(variant->path, F_OK)));
}

#endif /* _SELFTESTS_SUITES_REFUSED_LOAD_H */
