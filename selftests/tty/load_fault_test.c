// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - a module of this area whose loading fails half-way
 */
#include <kselftest_harness.h>

#include "console.h"
#include "load_fault.h"

/* For kbleds, as long as the program and what it starts are there. */
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
