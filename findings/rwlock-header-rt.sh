#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# <linux/rwlock.h> after <linux/module.h> compiles, but not if PREEMPT_RT is on
#
# Expected: a header that must not be included directly refuses it in every
# configuration; so a module that builds for Debian's kernel builds for the rt flavour of
# the same version.
#
# Seen: <linux/module.h> includes <linux/spinlock.h>, which includes <linux/rwlock.h>, so
# a second include of it finds its guard set, and is empty.  With PREEMPT_RT,
# <linux/spinlock.h> includes <linux/rwlock_rt.h> instead.  Then the guard is not set,
# and the file stops with "please don't include this file directly".
#
# Version: the headers of Debian's 6.12.117-1~deb12u1, amd64 and rt-amd64.
#
# Who is hurt: who sorts includes and adds the one of each type that is used, as
# include-what-you-use advises: the module breaks for users of rt kernels only.

set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

version=6.12.117-1~deb12u1
release=6.12.117+deb12
apt-get -qq -o APT::Sandbox::User=root download \
	"linux-headers-$release-amd64=$version" \
	"linux-headers-$release-common=$version" \
	"linux-headers-$release-rt-amd64=$version" \
	"linux-headers-$release-common-rt=$version" \
	"linux-kbuild-$release=$version"
for deb in ./*.deb; do
	dpkg -x "$deb" root
done
echo "linux-headers $version"

# The makefiles name each other by the paths of an installed system.
sed -i "s|/usr/src/|$dir/root&|" root/usr/src/linux-headers-*/Makefile
mkdir module
cd module
echo 'obj-m := first.o' >Kbuild
printf '%s\n' '#include <linux/module.h>' '#include <linux/rwlock.h>' \
	'DEFINE_RWLOCK(a_lock);' >first.c

# builds FLAVOUR: return true if the module's object builds for this flavour
builds()
{
	make -C "$dir/root/usr/src/linux-headers-$release-$1" M="$PWD" first.o \
		>said 2>&1
}

builds amd64
echo "amd64: it builds"
if builds rt-amd64; then
	echo "this has changed"
	exit 1
fi
grep -m 1 "please don't include this file directly" said
