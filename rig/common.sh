# SPDX-License-Identifier: GPL-2.0
#
# Common - functions and variables of the shell tools, which source this file
#
# The Makefile sets $srctree, the project's directory, and $O, the build
# directory.  Without the Makefile, this file derives them from the tool's path.

set -eu

# Keep the output that the tools parse independent of the user's settings.
export LC_ALL=C.UTF-8
unset LANGUAGE CDPATH TAR_OPTIONS POSIXLY_CORRECT BLOCK_SIZE

srctree=${srctree:-$(cd "$(dirname "$0")/.." && pwd)}
# The directory of the rig: that of the tool, or ../rig for a tool in tools/.
rig=$(dirname "$0")
[ -e "$rig/common.sh" ] || rig=$rig/../rig
rig=$(cd "$rig" && pwd)
O=${O:-$srctree/build}
mkdir -p "$O/log" 2>/dev/null || :
jobs=$(nproc 2>/dev/null || echo 1)

# For error messages: the words with which a user names a kernel, a kernel's
# directory, its source, the build directory and the place of the kernels.  They
# are variables of make, or options of rig/modproof, which sets $RIG_CACHE.
if [ -z "${RIG_CACHE:-}" ]; then
	by_name=KERNEL=
	by_dir=KDIR=
	with_dir=KDIR=
	and_source=" and its source with KSRC="
	by_out=O=
	by_place=O=
	by_suite=SUITE=
else
	by_name="--kernel "
	by_dir=$by_name
	with_dir="--kernel DIR"
	and_source=
	by_out="--output "
	by_place=MODPROOF_CACHE=
	by_suite=
fi

# The user's PATH may lack the directory that contains depmod.
PATH=$PATH:/usr/sbin:/sbin

# If the user has not set CC, make exports it as an empty variable.
[ -n "${CC:-}" ] || unset CC

# Use ccache's depend mode: ccache learns from the compiler which headers a
# source includes.  By default it runs the preprocessor first, and a build
# without cache hits takes 1.4 times as long.
export CCACHE_DEPEND=1

# A make that a tool starts must not get the flags of the make that started the
# tool.  typed_make() passes on the variables that the user typed.
unset MAKEFLAGS MAKELEVEL MFLAGS 2>/dev/null || :

# die WHAT: print one line with the error and what to type instead, and exit
die()
{
	printf 'modproof: %s\n' "$*" >&2
	exit 1
}

# failed WHAT LOG [COMMAND]: print WHAT, the first error in a build's LOG, and
# the COMMAND that repeats only this build; then exit
failed()
{
	"$rig/first_error.py" "modproof: $1" "$2" \
		${3:+--again "$3"} >&2
	exit 1
}

# of_kernel NAME: print the variable of make that selects this kernel; print
# nothing for the default kernel
of_kernel()
{
	if [ -n "${KDIR:-}" ]; then
		echo " KDIR=$KDIR"
	elif [ "$1" != stock-6.12 ]; then
		echo " KERNEL=$1"
	fi
}

# say WHAT: print a line of progress, which begins with the elapsed time
say()
{
	printf '[%6s] %s\n' "$(elapsed)" "$*"
}

# elapsed: print the seconds since this run of make or rig/modproof started
elapsed()
{
	now=$(date +%s)
	echo "$((now - ${MODPROOF_START:-$now})) s"
}

# need_number NAME LEAST MOST: exit with an error unless the variable NAME is
# empty or a whole number from LEAST to MOST
need_number()
{
	eval "value=\${$1:-$2}"
	case $value in
	*[!0-9]* | ???????????*) ;;
	*) [ "$value" -lt "$2" ] || [ "$value" -gt "$3" ] || return 0 ;;
	esac
	die "$1=$value is not a whole number from $2 to $3: type $1=$2, for example"
}

# have_space MIB WHAT: exit with an error if the disk of $O has less than MIB
# free, because WHAT would fill it
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
	{ mkdir -p "${1%/*}" && (: >>"$1"); } 2>/dev/null ||
		die "cannot write in ${1%/*}: name a directory in which you may" \
		    "write with ${by_place}DIR"
	exec 8>>"$1"
	flock -n 8 && return
	say "waiting for another run, which has locked $1" >&2
	flock 8
}

# compiler [PREFIX]: print the compiler that CC= or LLVM= selects, or the gcc
# with this prefix by default; put "ccache" before it if ccache is installed
compiler()
{
	case ${LLVM:-} in
	'') cc=${1:-}gcc ;;
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

# architecture NAME: print the line of rig/architectures for this architecture,
# or nothing if it has none
architecture()
{
	awk -v name="$1" '$1 == name' "$rig/architectures"
}

# architecture_of KERNEL: print the line of the architecture of this kernel, a
# directory as rig/kernel makes it; only another one than the host's has a name
architecture_of()
{
	architecture "$(cat "$1/arch" 2>/dev/null || echo x86_64)"
}

# typed_make ARGUMENT...: run make with the variables that the user typed, such
# as V=, W= and C=, in the form in which a make passes them to a sub-make
typed_make()
{
	MAKEFLAGS="-- ${KBUILD_ARGS:-}" make "$@"
}
