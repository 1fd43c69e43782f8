// SPDX-License-Identifier: GPL-2.0
/*
 * Read all - a read of all files of this area's modules
 */
#include <kselftest_harness.h>

#include "suites/read_all.h"

#include "modules.h"

TEST_HARNESS_MAIN
