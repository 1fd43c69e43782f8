#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Where /usr/bin/timeout is busybox's, every kselftest fails
#
# Expected: the kernel's runner limits a test with busybox's timeout as it does with
# coreutils', or runs it without a limit, which it also does if no timeout is installed.
#
# Seen: "not ok ... # exit=1" for each test, also for one that passes, and none has
# run.  The runner asks for --foreground if /usr/bin/timeout can be executed, and
# busybox's has no such option.
#
# Version: busybox-static 1:1.35.0-4+deb12u1+b1 of Debian 12, with runner.sh of
# linux-source-6.12 6.12.117-1~deb12u1.
#
# Who is hurt: who runs installed kselftests in an initramfs or an embedded root.  A
# root without any timeout does better.

set -eu
busybox=1:1.35.0-4+deb12u1+b1
source=6.12.117-1~deb12u1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

apt-get -qq -o APT::Sandbox::User=root download "busybox-static=$busybox" \
	"linux-source-6.12=$source"
dpkg -x busybox-static_*.deb root
dpkg --fsys-tarfile linux-source-*.deb |
	tar -xO ./usr/src/linux-source-6.12.tar.xz |
	tar -xJ --strip-components=3 --wildcards '*/selftests/kselftest/*'
root/bin/busybox | head -1

mkdir -p selftests/area
printf '#!/bin/sh\nexit 0\n' >selftests/area/passes
chmod +x selftests/area/passes

# What the runner says of the program; in a mount namespace, for it names the path
cat >run <<'END'
BASE_DIR=$PWD/selftests
export BASE_DIR
. selftests/kselftest/runner.sh
run_many "$BASE_DIR/area/passes"
END
echo "coreutils:"
bash run | tee with-coreutils
echo "busybox:"
unshare -m sh -c 'mount --bind root/bin/busybox /usr/bin/timeout && exec bash run' |
	tee with-busybox
grep -q '^ok 1 ' with-coreutils
grep -q '^not ok 1 .* # exit=1$' with-busybox
