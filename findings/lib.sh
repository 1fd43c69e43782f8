# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Lib - what the findings about kselftest's headers begin with; each sources it
#
# It gets the headers from Debian's package of the kernel's source, puts them into a
# new directory, which is removed at the end, and changes to that directory.

set -eu
version=6.12.117-1~deb12u1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

apt-get -qq -o APT::Sandbox::User=root download "linux-source-6.12=$version"
dpkg --fsys-tarfile ./*.deb | tar -xO ./usr/src/linux-source-6.12.tar.xz |
	tar -xJ --strip-components=4 --wildcards '*/tools/testing/selftests/*.h'
echo "headers of kselftest of linux-source-6.12 $version"
