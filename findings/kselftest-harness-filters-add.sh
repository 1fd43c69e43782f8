#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# -f and -t of a kselftest program add to each other, they do not narrow
#
# Expected: "prog -f disk -t reads" runs the test "reads" of the fixture "disk".
#
# Seen: it runs every test of the fixture "disk", and the test "reads" of every
# fixture.  Each filter is asked alone, and the first that matches decides.  The one
# option that names one test is -r, with fixture.variant.test as "ok" lines spell it.
#
# Version: kselftest_harness.h of linux-source-6.12 6.12.117-1~deb12u1 (Debian 12).
#
# Who is hurt: who repeats one test that failed, or takes one out that hangs: others
# run as well, and in a program that changes the system that is seen later.

# Change to a new directory that has the headers.
. "$(dirname "$0")/lib.sh"

cat >prog.c <<'END'
#include "kselftest_harness.h"
FIXTURE(disk) { int fd; };
FIXTURE_SETUP(disk) { }
FIXTURE_TEARDOWN(disk) { }
FIXTURE(net) { int fd; };
FIXTURE_SETUP(net) { }
FIXTURE_TEARDOWN(net) { }
TEST_F(disk, reads) { }
TEST_F(disk, writes) { }
TEST_F(net, reads) { }
TEST_HARNESS_MAIN
END
cc -D_GNU_SOURCE -I . -w -o prog prog.c

ran()
{
	./prog "$@" | sed -n 's/^ok [0-9]* //p' | sort | paste -sd' '
}

echo "-f disk -t reads: $(ran -f disk -t reads)"
echo "-r disk.reads:    $(ran -r disk.reads)"
[ "$(ran -f disk -t reads)" = "disk.reads disk.writes net.reads" ]
[ "$(ran -r disk.reads)" = disk.reads ]
