#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# module_param() takes the permissions 0755, and sysfs warns about them at each load
#
# Expected: module_param() checks the permissions when it is compiled, as it refuses
# 0666 with "BUILD_BUG_ON failed"; so what compiles is what /sys/module can have.
#
# Seen: VERIFY_OCTAL_PERMISSIONS() refuses only a number above 0777, a file that others
# can write to, and one that others may read and the owner may not.  With 0755 or 0111
# the module compiles without a warning.  When it is loaded, sysfs_create_group() warns
# "Attribute ...: Invalid permissions 0755", with a stack and the taint W, because files
# of sysfs are not executable, and takes the bits away.  With panic_on_warn, the machine
# stops.
#
# Version: Debian's linux-image and linux-headers 6.12.117-1~deb12u1, amd64.
#
# Who is hurt: authors who give a parameter the usual permissions of a program, and who
# only build the module before they publish it.

set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

version=6.12.117-1~deb12u1
release=6.12.117+deb12
apt-get -qq -o APT::Sandbox::User=root download busybox-static \
	"linux-image-$release-amd64=$version" \
	"linux-headers-$release-amd64=$version" \
	"linux-headers-$release-common=$version" \
	"linux-kbuild-$release=$version"
for deb in ./*.deb; do
	dpkg -x "$deb" root
done
echo "linux-image-$release-amd64 $version"

# The makefiles name each other by the paths of an installed system.
sed -i "s|/usr/src/|$dir/root&|" root/usr/src/linux-headers-*/Makefile
mkdir module
cd module
echo 'obj-m := first.o' >Kbuild

# build MODE: build a module that has a parameter with these permissions
build()
{
	printf '%s\n' '#include <linux/module.h>' 'static int number;' \
		"module_param(number, int, $1);" 'MODULE_LICENSE("GPL");' \
		'MODULE_DESCRIPTION("A parameter");' >first.c
	make -C "$dir/root/usr/src/linux-headers-$release-amd64" M="$PWD" \
		>said 2>&1
}

if build 0666; then
	echo "this has changed: 0666 builds"
	exit 1
fi
echo "0666: it does not build"
build 0755
if grep -i warning: said; then
	echo "this has changed: 0755 builds with a warning"
	exit 1
fi
echo "0755: it builds"

cd "$dir"
mkdir initramfs
cp root/bin/busybox module/first.ko initramfs
printf '%s\n' '#!/busybox sh' '/busybox insmod /first.ko' \
	'/busybox mkdir /sys' '/busybox mount -t sysfs none /sys' \
	'/busybox ls -l /sys/module/first/parameters/number' \
	'/busybox poweroff -f' >initramfs/init
chmod 755 initramfs/init
(cd initramfs && find . | ../root/bin/busybox cpio -o -H newc) >initrd 2>/dev/null
timeout 300 qemu-system-x86_64 -nographic -no-reboot -m 512 -initrd initrd \
	-kernel "root/boot/vmlinuz-$release-amd64" -append "console=ttyS0 loglevel=5" \
	</dev/null >console 2>&1
if ! grep -q -- '-rw-r--r--.* /sys/module/first/parameters/number' console ||
   ! grep -m 1 "Attribute number: Invalid permissions 0755" console; then
	cat console
	echo "this has changed"
	exit 1
fi
