#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# depmod of Debian 12 leaves out modules that are compressed with gzip, and says nothing
#
# Expected: depmod reads .ko.gz, as CONFIG_MODULE_COMPRESS_GZIP makes them, or says
# that it cannot.
#
# Seen: modules.dep has the modules of the other forms; those in .ko.gz are not in it,
# with no word even with -w, and status 0.  kmod is built without zlib
# ("-ZLIB"), and ignores a file whose suffix it does not know.
#
# Version: kmod 30+20221128-1 of Debian 12.
#
# Who is hurt: who installs the modules of a kernel of another distribution, or of
# one's own, on Debian 12: modprobe then says "not found" of a file that is there.

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
root/bin/depmod --version

# An object with a .modinfo section is enough of a module for depmod.
release=6.12.0-finding
modules=lib/modules/$release
mkdir -p $modules
for name in plain xzipped gzipped; do
	printf '%s\n' '.section .modinfo, "a"' \
		".asciz \"name=$name\"" '.asciz "license=GPL"' |
		cc -x assembler -c -o $modules/$name.ko -
done
xz --check=crc32 $modules/xzipped.ko
gzip $modules/gzipped.ko
touch $modules/modules.order $modules/modules.builtin

root/bin/depmod -w -b "$dir" $release >said 2>&1
cat said $modules/modules.dep
grep -q '^plain\.ko:' $modules/modules.dep
grep -q '^xzipped\.ko\.xz:' $modules/modules.dep
if grep -q gzipped said $modules/modules.dep; then
	echo "this has changed"
	exit 1
fi
