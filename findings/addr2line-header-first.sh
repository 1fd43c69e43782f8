#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# addr2line names the wrong file for the first function of an object
#
# Expected: addr2line, objdump and gdb read the same line table, so they name the
# same file for an address.
#
# Seen: if the first function of an object comes from a header, addr2line names the
# .c file, with the line of the header.  That is a place that exists and is wrong.
# The table itself is right, and objdump of the same package prints it right.  Only
# DWARF 5 is concerned, in which GCC 12 numbers the header 1 and the .c file 0; with -gdwarf-4 the answer is right.
#
# Version: binutils 2.40-2 with gcc-12 12.2.0 of Debian 12.
#
# Who is hurt: anyone who resolves an oops with scripts/faddr2line or
# scripts/decode_stacktrace.sh of the kernel, which ask addr2line.  GCC 12 writes
# DWARF 5 unless an option sets a version (CONFIG_DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT).

set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

apt-get -qq -o APT::Sandbox::User=root download binutils=2.40-2 binutils-x86-64-linux-gnu=2.40-2 \
	libbinutils=2.40-2
for deb in ./*.deb; do
	dpkg -x "$deb" root
done
bin=$dir/root/usr/bin
LD_LIBRARY_PATH=$dir/root/usr/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH
"$bin/x86_64-linux-gnu-addr2line" --version | head -1
gcc-12 --version | head -1

cat >next.h <<'END'



static __attribute__((noinline)) int next(int *p)
{
	return *p + 1;
}
END
cat >main.c <<'END'
#include "next.h"
int twice_next(int *p)
{
	return next(p) * 2;
}
END

for version in 4 5; do
	gcc-12 -gdwarf-$version -O1 -c -o main.o main.c
	echo "DWARF $version:"
	place=$("$bin/x86_64-linux-gnu-addr2line" -s -j .text -e main.o 0)
	table=$("$bin/x86_64-linux-gnu-objdump" --dwarf=decodedline main.o |
		awk '$3 == "0" || $3 == "0x0" { print $1; exit }')
	echo "  addr2line: $place"
	echo "  objdump:   $table"
	case "$version $table ${place%:*}" in
	"4 next.h next.h" | "5 next.h main.c") ;;
	*) echo "this has changed"; exit 1 ;;
	esac
done
