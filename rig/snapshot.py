# SPDX-License-Identifier: GPL-2.0
"""Snapshot - save a guest that has booted, and restore it instead of booting

A kernel with lockdep and KASAN boots for many seconds under emulation, and each
run boots the same kernel with the same initramfs.  So init stops where it needs
to know the job, and asks for its words, by the line WORDS on the second serial
port.  The first time, the host lets QEMU write the state of the guest to a
file, as for a migration; the next guests are restored from this file.  Then the
host answers with one line.

The state has the clock, and the random numbers, of the guest that was saved.
So the answer has the host's time and a seed; see rig/guest/init.

A snapshot is not for a job that needs the boot itself: the messages of the boot
are those of the saved guest, and the kernel's parameters are fixed.  It depends
on the files and options from which it was made, on QEMU, and on this boot of
the host, since the guest's clock is the counter of the host's processor.
"""

import hashlib
import json
import os
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

# The line by which a guest asks for its words.
WORDS = "modproof: words"
# It differs in each boot of the host.
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
# The number of seconds after which QEMU does not answer.
LIMIT = 120


class Monitor:
    """QEMU's monitor, by the protocol QMP on a connected socket."""

    def __init__(self, end: socket.socket) -> None:
        self.socket = end
        self.socket.settimeout(LIMIT)
        self.lines = end.makefile(encoding="utf-8")
        self.lines.readline()
        self.run("qmp_capabilities")

    def run(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Run a command; return its result, or raise OSError if it fails."""
        call = {"execute": command, "arguments": arguments}
        self.socket.sendall(json.dumps(call).encode())
        messages = self.messages()
        while "return" not in (message := next(messages)):
            if "error" in message:
                raise OSError(f"QEMU: {command}: {message['error']['desc']}")
        found: dict[str, Any] = message["return"]
        return found

    def messages(self) -> Iterator[dict[str, Any]]:
        """Yield what QEMU sends; raise OSError when it ends."""
        for line in self.lines:
            yield json.loads(line)
        raise OSError("QEMU has ended")

    def save(self, path: Path) -> None:
        """Write the guest's state to a file; the guest stops.

        Do not stop it before, because a restored guest would be stopped, too.
        """
        events = [{"capability": "events", "state": True}]
        self.run("migrate-set-capabilities", capabilities=events)
        # By default QEMU leaves room for others on the network.
        self.run("migrate-set-parameters", **{"max-bandwidth": 1 << 40})
        self.run("migrate", uri=f"exec:exec cat >{shlex.quote(str(path))}")
        for message in self.messages():
            status = message.get("data", {}).get("status")
            if message.get("event") == "MIGRATION" and status == "completed":
                return
            if status == "failed":
                raise OSError("QEMU cannot write the guest's state")

    def resume(self) -> None:
        """Let a guest go on that save() has stopped.

        QEMU says that the state is complete a moment before it has ended the
        migration, and refuses "cont" until then.  No event tells the end.
        """
        end = time.monotonic() + LIMIT
        while self.run("query-status")["status"] == "finish-migrate":
            if time.monotonic() > end:
                raise OSError("QEMU does not end the migration")
            time.sleep(0.01)
        self.run("cont")


class Snapshot:
    """The snapshot in the directory @place, of guests with one command line.

    @files are the files that the command line names.
    """

    def __init__(
        self, place: Path, command: list[str], files: list[Path]
    ) -> None:
        self.place = place
        program = shutil.which(command[0])
        known = [BOOT_ID.read_text(), *command]
        for path in [*files, *([Path(program)] if program else [])]:
            found = path.stat()
            known.append(f"{path} {found.st_size} {found.st_mtime_ns}")
        self.identity = hashlib.sha256("\0".join(known).encode()).hexdigest()

    def exists(self) -> bool:
        """Return true if the state of such a guest has been saved."""
        try:
            return (self.place / "identity").read_text() == self.identity
        except OSError:
            return False

    def options(self) -> list[str]:
        """Return the options of QEMU that restore the guest."""
        state = shlex.quote(str(self.place / "state"))
        return ["-incoming", f"exec:exec cat {state}"]

    def save(self, monitor: Monitor, console: Path) -> None:
        """Save a guest that waits for its words; raise OSError if that fails.

        @console is the file with the messages of its boot.
        """
        # Another process may save the same guest at the same time.
        new = Path(tempfile.mkdtemp(prefix="snapshot.", dir=self.place.parent))
        try:
            monitor.save(new / "state")
            shutil.copy(console, new / "console")
            (new / "identity").write_text(self.identity)
            shutil.rmtree(self.place, ignore_errors=True)
            new.rename(self.place)
        finally:
            shutil.rmtree(new, ignore_errors=True)


class Handshake:
    """What the host says to a guest that asks for its words.

    If the guest has booted, it is saved before, as @unsaved; @console is the
    file with its messages.
    """

    def __init__(
        self, words: list[str], unsaved: Snapshot | None, console: Path
    ) -> None:
        self.words = words
        self.unsaved = unsaved
        self.console = console
        self.is_done = False

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        """Start the guest; its stdin and stdout are pipes."""
        self.ours, theirs = socket.socketpair()
        number = theirs.fileno()
        with theirs:
            return subprocess.Popen(
                [
                    *command,
                    *("-chardev", f"socket,id=monitor,fd={number}"),
                    *("-mon", "chardev=monitor,mode=control"),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=[number],
            )

    def answer(self, stdin: IO[bytes]) -> None:
        """Send the guest its words, unless it has asked before.

        It asks again until it has read the answer.
        """
        if self.is_done:
            return
        self.is_done = True
        with self.ours:
            if self.unsaved:
                self.save(self.unsaved)
        seed = os.urandom(32).hex()
        line = [
            *self.words,
            f"rig.now={round(time.time())}",
            f"rig.seed={seed}",
        ]
        try:
            stdin.write(f"{' '.join(line)}\n".encode())
            stdin.flush()
        except BrokenPipeError:
            pass

    def save(self, snapshot: Snapshot) -> None:
        """Save the guest, and let it go on.

        If it cannot be saved, the next one boots, too.
        """
        try:
            monitor = Monitor(self.ours)
            try:
                snapshot.save(monitor, self.console)
            finally:
                monitor.resume()
        except (OSError, ValueError):
            pass
