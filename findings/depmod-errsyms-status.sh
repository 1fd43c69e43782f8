#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# depmod -e finds symbols that no module or kernel exports, and still exits with 0
#
# Expected: "depmod -n -e -E Module.symvers" is the offline check for a module that a
# kernel will refuse, so its exit status is not 0 if a symbol is missing.
#
# Seen: it prints a warning for each missing symbol to stderr, and exits with 0, as it
# does if nothing is missing.  The manual page describes -e as reporting such symbols,
# and names no exit status.
#
# Version: kmod 30+20221128-1 of Debian 12.
#
# Who is hurt: anyone whose package build or CI job runs depmod -e as a gate: a module
# that every load refuses with "Unknown symbol" passes it.

set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

apt-get -qq -o APT::Sandbox::User=root download kmod=30+20221128-1 \
	libkmod2=30+20221128-1
for deb in ./*.deb; do
	dpkg -x "$deb" root
done
LD_LIBRARY_PATH=$dir/root/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH
ln -s kmod root/bin/depmod
root/bin/depmod --version | head -1

modules=tree/lib/modules/6.12.0/kernel
mkdir -p "$modules"
: >tree/lib/modules/6.12.0/modules.order
: >tree/lib/modules/6.12.0/modules.builtin
cat >user.c <<'END'
int not_exported_by_anyone(int);
int twice(int n);
int twice(int n)
{
	return 2 * not_exported_by_anyone(n);
}
END
gcc -c -o "$modules/user.ko" user.c
printf '0x00000001\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n' >Module.symvers

status=0
root/bin/depmod -n -e -E Module.symvers -b "$dir/tree" 6.12.0 >out 2>said ||
	status=$?
cat said
echo "exit status: $status"
if ! grep -q 'needs unknown symbol not_exported_by_anyone' said ||
	[ "$status" -ne 0 ]; then
	echo "this has changed"
	exit 1
fi
