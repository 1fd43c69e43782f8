#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# kunit.py --junit writes a file that is not XML if a test has printed a colour
#
# Expected: kunit.py --junit=FILE writes XML that every reader of JUnit XML accepts,
# whatever the tests print, as its --json writes JSON.
#
# Seen: the lines that a test has printed are copied to <system-out> with their control
# characters.  XML 1.0 allows no such character, not even as a reference, so a reader
# refuses the whole file.  kunit.py prints "Test results stored" and no error.
#
# Version: kunit.py of linux-source-7.3 7.3.4-1~bpo13+1 (Debian 13, backports); that of
# 6.12 has no --junit.
#
# Who is hurt: servers for CI, such as GitLab and Jenkins, show no test of a run in which
# one test has printed an escape character.

set -eu
version=7.3.4-1~bpo13+1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

# Read the package's list from the mirror that apt uses, into the new directory.
# shellcheck disable=SC2016 # apt's variable
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
	grep -m 1 '/debian/*$')
mkdir -p lists/partial cache/archives/partial
keys=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$keys] $mirror trixie-backports main" >sources.list

# apt ARGUMENT...: run apt-get with that list
apt()
{
	apt-get -qq -o Dir::Etc::SourceList="$dir/sources.list" \
		-o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists="$dir/lists" \
		-o Dir::Cache="$dir/cache" -o APT::Sandbox::User=root "$@"
}
apt update
apt download "linux-source-7.3=$version"
dpkg --fsys-tarfile ./*.deb | tar -xO ./usr/src/linux-source-7.3.tar.xz |
	tar -xJ --strip-components=1 --wildcards '*/tools/testing/kunit/*.py'
echo "kunit.py of linux-source-7.3 $version"

# document TEXT: print a document with a test that has printed TEXT
document()
{
	printf 'KTAP version 1\n1..1\n    KTAP version 1\n    # Subtest: suite\n'
	printf '    1..1\n    # case: %b\n    not ok 1 case\nnot ok 1 suite\n' "$1"
}

# read_by_xml NAME TEXT: have kunit.py write NAME.xml and NAME.json, and print whether
# a reader accepts them
read_by_xml()
{
	document "$2" >"$1.ktap"
	python3 -B tools/testing/kunit/kunit.py parse --json="$dir/$1.json" \
		--junit="$dir/$1.xml" "$dir/$1.ktap" || :
	python3 -c "import json; json.load(open('$1.json'))"
	python3 -c "from xml.etree import ElementTree; ElementTree.parse('$1.xml')" \
		2>&1 | tail -n 1 | tee "$1.said"
}

echo "a test without a colour:"
read_by_xml plain 'seen'
[ ! -s plain.said ]
echo "a test with a colour:"
read_by_xml colour '\033[31mseen\033[0m'
grep -q 'not well-formed' colour.said
