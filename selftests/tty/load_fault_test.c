// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - the loading of this area's modules with an injected fault
 */
#include <kselftest_harness.h>

#include "console.h"
#include "suites/load_fault.h"

/* For kbleds; stays open until the program and its children have ended. */
__attribute__((constructor)) static void keep_the_console_open(void)
{
	console_open(1);
}

FIXTURE_VARIANT_ADD(load_fault, kbleds)
{
	.module = "kbleds",
};

FIXTURE_VARIANT_ADD(load_fault, print_string)
{
	.module = "print_string",
};

TEST_HARNESS_MAIN
