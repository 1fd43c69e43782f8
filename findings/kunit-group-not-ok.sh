#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# kunit.py parse exits with 0 though a suite is "not ok"
#
# Expected: kunit.py parse counts a suite that is "not ok" as a failure and exits with
# 1, as it does for a case that is "not ok".
#
# Seen: if all cases of the suite passed, it prints "[FAILED] suite", then "Ran 1 tests:
# passed: 1", and exits with 0.  The JSON has only the case, which passed.
#
# Version: kunit.py of linux-source-6.12 6.12.117-1~deb12u1 (Debian 12); that of 6.1 does
# the same, and that of 7.3 counts the suite.
#
# Who is hurt: a job of CI that parses the log of a guest by kunit.py is green, though
# the end of a suite failed, or a test program ended with a status other than 0 after its
# last result.

set -eu
version=6.12.117-1~deb12u1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

apt-get -qq -o APT::Sandbox::User=root download "linux-source-6.12=$version"
dpkg --fsys-tarfile ./*.deb | tar -xO ./usr/src/linux-source-6.12.tar.xz |
	tar -xJ --strip-components=1 --wildcards '*/tools/testing/kunit/*.py'
echo "kunit.py of linux-source-6.12 $version"

cat >group.ktap <<'END'
KTAP version 1
1..1
    KTAP version 1
    # Subtest: suite
    1..1
    ok 1 case
not ok 1 suite
END
sed 's/^    ok 1/    not ok 1/' group.ktap >case.ktap

# parsed NAME: print what kunit.py prints of this document, and its exit status
parsed()
{
	status=0
	python3 -B tools/testing/kunit/kunit.py parse "$dir/$1.ktap" >"$1.out" ||
		status=$?
	echo "status $status" >>"$1.out"
	cat "$1.out"
}

echo "a case that is not ok:"
parsed case
echo "a suite that is not ok:"
parsed group
grep -q '^status 1$' case.out
grep -q '\[FAILED\] suite' group.out
grep -q 'Ran 1 tests: passed: 1$' group.out
grep -q '^status 0$' group.out
