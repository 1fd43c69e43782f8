// SPDX-License-Identifier: GPL-2.0
/*
 * Load fault - the loading of this area's modules with an injected fault
 */
#include <kselftest_harness.h>

#include "suites/load_fault.h"

#include "modules.h"

TEST_HARNESS_MAIN
