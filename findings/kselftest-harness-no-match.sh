#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A kselftest program that was told to run a test that it does not have passes
#
# Expected: a misspelt name after -r or -t is an error, or at least a skip (4).
#
# Seen: "1..0", "PASSED: 0 / 0 tests passed", status 0.  The plan has no SKIP
# either, from which a reader of TAP could tell that nothing ran.
#
# Version: kselftest_harness.h of linux-source-6.12 6.12.117-1~deb12u1 (Debian 12).
#
# Who is hurt: a CI job that runs chosen tests by name stays green for ever after a
# test was renamed.

# Change to a new directory that has the headers.
. "$(dirname "$0")/lib.sh"

cat >prog.c <<'END'
#include "kselftest_harness.h"
TEST(reads) { }
TEST_HARNESS_MAIN
END
cc -D_GNU_SOURCE -I . -w -o prog prog.c

status=0
./prog -r global.nothing >out || status=$?
cat out
echo "status $status"
[ "$status" -eq 0 ]
grep -q '^1\.\.0$' out
