#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# QEMU refuses "cont" for a moment after its event says that a migration is completed
#
# Expected: when the event MIGRATION has the status "completed", the migration is over,
# so the monitor's command "cont" lets the source go on.
#
# Seen: sometimes "cont" fails with "Migration is not finalized yet".  The event is sent
# by the thread of the migration while the guest has the run state "finish-migrate";
# the state becomes "postmigrate" later, and no event tells when.  How often depends on
# the load of the host.
#
# Version: QEMU 7.2 of Debian 12 (migration/migration.c, migration_completion() and
# migration_iteration_finish(); monitor/qmp-cmds.c, qmp_cont()).
#
# Who is hurt: anyone who saves a running guest by "migrate" and lets it go on: from
# time to time the guest stands still for ever.  To be safe, send "query-status" until
# the status is not "finish-migrate".

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
import socket
import subprocess

TRIES = 1000
COMMAND = [
    "root/usr/bin/qemu-system-x86_64", "-nodefaults", "-display", "none",
    "-L", "root/usr/share/qemu", "-L", "root/usr/share/seabios", "-m", "16M",
    "-mon", "chardev=qmp,mode=control",
]


def answer(ours, lines, command, until="return", **arguments):
    call = {"execute": command, "arguments": arguments}
    ours.sendall(json.dumps(call).encode())
    for line in lines:
        if "error" in json.loads(line) or f'"{until}"' in line:
            return json.loads(line)


def saved_and_continued():
    ours, theirs = socket.socketpair()
    chardev = f"socket,id=qmp,fd={theirs.fileno()}"
    with subprocess.Popen([*COMMAND, "-chardev", chardev],
                          pass_fds=[theirs.fileno()]) as qemu:
        theirs.close()
        lines = ours.makefile()
        lines.readline()
        answer(ours, lines, "qmp_capabilities")
        answer(ours, lines, "migrate-set-capabilities",
               capabilities=[{"capability": "events", "state": True}])
        answer(ours, lines, "migrate", "completed", uri="exec:cat >/dev/null")
        said = answer(ours, lines, "cont")
        qemu.kill()
    return said.get("error", {}).get("desc")


for number in range(1, TRIES + 1):
    error = saved_and_continued()
    if error:
        print(f"try {number}: cont: {error}")
        break
END
root/usr/bin/qemu-system-x86_64 --version | head -1
python3 run.py >out
cat out
if ! grep -q 'cont: Migration is not finalized yet' out; then
	echo "this has changed"
	exit 1
fi
