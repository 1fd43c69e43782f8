// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - load the modules of this directory with fault injection
 */
#include <kselftest_harness.h>

#include "suites/load_fault.h"

FIXTURE_VARIANT_ADD(load_fault, hello_1) { .module = "hello-1" };
FIXTURE_VARIANT_ADD(load_fault, hello_2) { .module = "hello-2" };
FIXTURE_VARIANT_ADD(load_fault, hello_3) { .module = "hello-3" };
FIXTURE_VARIANT_ADD(load_fault, hello_4) { .module = "hello-4" };
FIXTURE_VARIANT_ADD(load_fault, hello_5) { .module = "hello-5" };
FIXTURE_VARIANT_ADD(load_fault, hello_6) { .module = "hello-6" };
FIXTURE_VARIANT_ADD(load_fault, helloworld) { .module = "helloworld" };
FIXTURE_VARIANT_ADD(load_fault, startstop) { .module = "startstop" };

TEST_HARNESS_MAIN
