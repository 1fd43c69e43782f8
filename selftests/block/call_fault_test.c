// SPDX-License-Identifier: GPL-2.0
/*
 * Call fault - calls on the files of this area with an injected fault
 */
#include <kselftest_harness.h>

#include "suites/call_fault.h"

#include "modules.h"

TEST_HARNESS_MAIN
