# SPDX-License-Identifier: GPL-2.0
#
# Common - functions and variables of the shell tools.  A tool sources it;
# $srctree and $O are set by the Makefile, or else derived from the tool's path.

set -eu

# Keep the output that the tools parse independent of the user's settings.
export LC_ALL=C.UTF-8
unset LANGUAGE CDPATH TAR_OPTIONS POSIXLY_CORRECT BLOCK_SIZE

srctree=${srctree:-$(cd "$(dirname "$0")/.." && pwd)}
# The directory of the rig, of which a tool may be a part.
rig=$(dirname "$0")
[ -e "$rig/common.sh" ] || rig=$rig/../rig
rig=$(cd "$rig" && pwd)
O=${O:-$srctree/build}
mkdir -p "$O/log" 2>/dev/null || :
jobs=$(nproc 2>/dev/null || echo 1)

# How a user names a kernel, the directory of one, its source and the build
# directory: by a variable of make, or by an option of rig/modproof, which sets
# $RIG_CACHE.
if [ -z "${RIG_CACHE:-}" ]; then
	by_name=KERNEL=
	by_dir=KDIR=
	with_dir=KDIR=
	and_source=" and its source with KSRC="
	by_out=O=
else
	by_name="--kernel "
	by_dir=$by_name
	with_dir="--kernel DIR"
	and_source=
	by_out="--output "
fi

# A user's PATH may lack the directory of depmod.
PATH=$PATH:/usr/sbin:/sbin

# make exports an unset variable as an empty one.
[ -n "${CC:-}" ] || unset CC

# In depend mode ccache takes the dependencies of a file from the compiler.
# Running the preprocessor first makes a build without cache hits 1.4 times as
# long.
export CCACHE_DEPEND=1

# Do not pass on make's flags by accident; typed_make() passes on what the user
# typed.
unset MAKEFLAGS MAKELEVEL MFLAGS 2>/dev/null || :

# die WHAT: print one line with the error and what to type instead, and exit
die()
{
	printf 'modproof: %s\n' "$*" >&2
	exit 1
}

# failed WHAT LOG [COMMAND]: print what stopped a build and the COMMAND that
# repeats only this build, and exit
failed()
{
	"$rig/first_error.py" "modproof: $1" "$2" \
		${3:+--again "$3"} >&2
	exit 1
}

# of_kernel NAME: print the option that names this kernel, unless it is the default
of_kernel()
{
	if [ -n "${KDIR:-}" ]; then
		echo " KDIR=$KDIR"
	elif [ "$1" != stock-6.12 ]; then
		echo " KERNEL=$1"
	fi
}

# say WHAT: print a line of progress
say()
{
	printf '[%6s] %s\n' "$(elapsed)" "$*"
}

elapsed()
{
	now=$(date +%s)
	echo "$((now - ${MODPROOF_START:-$now})) s"
}

# need_number NAME LEAST MOST: exit unless NAME= is empty or a number in this range
need_number()
{
	eval "value=\${$1:-$2}"
	case $value in
	*[!0-9]* | ???????????*) ;;
	*) [ "$value" -lt "$2" ] || [ "$value" -gt "$3" ] || return 0 ;;
	esac
	die "$1=$value is not a whole number from $2 to $3: type $1=$2, for example"
}

# have_space MIB WHAT: exit if the disk is too small, before it is filled
have_space()
{
	mkdir -p "$O"
	free=$(df -Pm "$O" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge "$1" ] ||
		die "$2 needs $1 MiB in $O, and only $free MiB are free: remove" \
		    "files from that disk, or use another disk with ${by_out}DIR"
}

# alone FILE: take an exclusive lock on FILE and keep it until this shell ends
alone()
{
	mkdir -p "${1%/*}"
	exec 8>>"$1"
	flock -n 8 && return
	say "waiting for another run, which has locked $1" >&2
	flock 8
}

# compiler: print the one of CC= or LLVM=, or gcc; through ccache if there is one
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

# typed_make ARGUMENT...: run make with the V=, W=, C= and so on that the user
# typed, in the form in which a make passes them to a sub-make
typed_make()
{
	MAKEFLAGS="-- ${KBUILD_ARGS:-}" make "$@"
}
