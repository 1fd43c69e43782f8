# SPDX-License-Identifier: GPL-2.0
#
# Common - what the shell tools share; source it, with $srctree and $O set by
# the Makefile or, outside make, taken from where the tool lies.

set -eu

# What programs write for programs follows no user's language or settings.
export LC_ALL=C.UTF-8
unset LANGUAGE CDPATH TAR_OPTIONS POSIXLY_CORRECT BLOCK_SIZE

srctree=${srctree:-$(cd "$(dirname "$0")/.." && pwd)}
O=${O:-$srctree/build}
mkdir -p "$O/log" 2>/dev/null || :
jobs=$(nproc 2>/dev/null || echo 1)

# A user's path may leave out where depmod lies.
PATH=$PATH:/usr/sbin:/sbin

# make exports what is not set as empty.
[ -n "${CC:-}" ] || unset CC

# ccache takes from the compiler what a file depends on.  To run the preprocessor
# first makes the building of what it does not know 1.4 times as long.
export CCACHE_DEPEND=1

# The tools pass on what they mean to pass on; see typed_make.
unset MAKEFLAGS MAKELEVEL MFLAGS 2>/dev/null || :

# die WHAT: one line that says what is wrong and what to type
die()
{
	printf 'modproof: %s\n' "$*" >&2
	exit 1
}

# failed WHAT LOG [COMMAND]: what stopped a build, and what makes only that again
failed()
{
	"$srctree/tools/first_error.py" "modproof: $1" "$2" \
		${3:+--again "$3"} >&2
	exit 1
}

# of_kernel: the words that name the kernel to make, if it is not the usual one
of_kernel()
{
	if [ -n "${KDIR:-}" ]; then
		echo " KDIR=$KDIR"
	elif [ "$1" != stock-6.12 ]; then
		echo " KERNEL=$1"
	fi
}

# say WHAT: progress
say()
{
	printf '[%6s] %s\n' "$(elapsed)" "$*"
}

elapsed()
{
	now=$(date +%s)
	echo "$((now - ${MODPROOF_START:-$now})) s"
}

# need_number NAME LEAST MOST: what NAME= says is one of these, if it says anything
need_number()
{
	eval "value=\${$1:-$2}"
	case $value in
	*[!0-9]* | ???????????*) ;;
	*) [ "$value" -lt "$2" ] || [ "$value" -gt "$3" ] || return 0 ;;
	esac
	die "$1=$value is no whole number from $2 to $3: say $1=$2, for example"
}

# have_space MIB WHAT: stop before a disk is filled, not in the middle
have_space()
{
	mkdir -p "$O"
	free=$(df -Pm "$O" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge "$1" ] ||
		die "$2 needs $1 MiB below $O, and $free are free: make room," \
		    "or choose another disk with O=DIR"
}

# alone FILE: wait until nobody else holds it, and hold it till this shell ends
alone()
{
	mkdir -p "${1%/*}"
	exec 8>>"$1"
	flock -n 8 && return
	say "waiting for whoever has $1" >&2
	flock 8
}

# compiler: the one that the user typed as CC= or LLVM=, through ccache if there is one
compiler()
{
	case ${LLVM:-} in
	'') cc=gcc ;;
	*/) cc=${LLVM}clang ;;
	-*) cc=clang$LLVM ;;
	*) cc=clang ;;
	esac
	if command -v ccache >/dev/null; then
		echo "ccache ${CC:-$cc}"
	else
		echo "${CC:-$cc}"
	fi
}

# typed_make: make with the V=, W=, C= and so on that the user typed, in the form in
# which one make hands them to another
typed_make()
{
	MAKEFLAGS="-- ${KBUILD_ARGS:-}" make "$@"
}
