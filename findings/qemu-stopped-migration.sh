#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A guest that was stopped before its state was saved stays stopped when it is
# restored, without -S
#
# Expected: QEMU with -incoming, and without -S, runs the guest as soon as its state
# has been read, however it was saved.  To save a consistent state, one stops the guest
# first.
#
# Seen: the state has the run state of the source, too.  After "stop" and "migrate" to a
# file, the restored guest is "paused"; after "migrate" alone, it is "running".  Nothing
# is printed.  "migrate" stops the guest by itself before it writes the last pages, so
# "stop" is not needed.
#
# Version: QEMU 7.2 of Debian 12.
#
# Who is hurt: anyone who keeps a booted guest in a file for tests: the restored guest
# prints nothing, and looks as if it had hung.

set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

version=1:7.2+dfsg-7+deb12u18
apt-get -qq -o APT::Sandbox::User=root download "qemu-system-x86=$version+b3" \
	"qemu-system-common=$version+b3" "qemu-system-data=$version" seabios=1.16.2-1
for deb in ./*.deb; do
	dpkg -x "$deb" root
done

QEMU_MODULE_DIR=$dir/root/usr/lib/x86_64-linux-gnu/qemu
export QEMU_MODULE_DIR

cat >run.py <<'END'
import json
import os
import socket
import subprocess
import sys


def start(*options):
    ours, theirs = socket.socketpair()
    qemu = subprocess.Popen(
        ["root/usr/bin/qemu-system-x86_64", "-nodefaults", "-display", "none",
         "-L", "root/usr/share/qemu", "-L", "root/usr/share/seabios",
         "-m", "16M", "-chardev", f"socket,id=qmp,fd={theirs.fileno()}",
         "-mon", "chardev=qmp,mode=control", *options],
        pass_fds=[theirs.fileno()])
    theirs.close()
    lines = ours.makefile()
    lines.readline()
    return qemu, ours, lines


def run(guest, command, until="return", **arguments):
    _, ours, lines = guest
    call = {"execute": command, "arguments": arguments}
    ours.sendall(json.dumps(call).encode())
    for line in lines:
        message = json.loads(line)
        if "error" in message:
            sys.exit(message["error"]["desc"])
        if until in json.dumps(message):
            return message


def end(guest):
    guest[0].kill()
    guest[0].wait()


def restored(*before):
    guest = start()
    run(guest, "qmp_capabilities")
    run(guest, "migrate-set-capabilities",
        capabilities=[{"capability": "events", "state": True}])
    for command in before:
        run(guest, command)
    run(guest, "migrate", until="completed", uri="exec:exec cat >state")
    end(guest)
    guest = start("-incoming", "defer")
    run(guest, "qmp_capabilities")
    run(guest, "migrate-set-capabilities",
        capabilities=[{"capability": "events", "state": True}])
    run(guest, "migrate-incoming", until="completed",
        uri="exec:exec cat state")
    status = run(guest, "query-status")["return"]["status"]
    end(guest)
    return status


print("saved while it ran:", restored())
print("saved after stop:", restored("stop"))
END
root/usr/bin/qemu-system-x86_64 --version | head -1
python3 run.py >out
cat out
printf 'saved while it ran: running\nsaved after stop: paused\n' >seen
if ! cmp -s out seen; then
	echo "this has changed"
	exit 1
fi
