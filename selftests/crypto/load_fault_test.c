// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - the loading of this area's modules with an injected fault
 */
#include <kselftest_harness.h>

#include "algorithm.h"
#include "suites/load_fault.h"

#include "modules.h"

static long refs_of_all(void)
{
	return algorithm_refs("sha256") + algorithm_refs("cbc(aes)");
}

/* SHA256-1 */
TEST_F(load_fault, keeps_no_algorithm)
{
	long before = refs_of_all();
	bool had_fault;
	int nth = 0;
	int err;

	do {
		fault_arm(self->fail_nth, ++nth);
		err = module_insert(self->file, "");
		had_fault = fault_disarm(self->fail_nth);
		if (!err)
			ASSERT_EQ(0, module_unload(variant->of->module));
		ASSERT_EQ(before, refs_of_all())
			TH_LOG("fault %d: load returned %d", nth, err);
	} while (had_fault);

	EXPECT_LT(1, nth);
}

TEST_HARNESS_MAIN
