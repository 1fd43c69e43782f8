#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Progress - run a command, and show its progress while it prints nothing

    rig/progress.py COMMAND [ARGUMENT...]

This program passes on the command's output.  If the command has printed
nothing for some seconds, the program prints a line of progress.  This line has
the last line of the command, or at first its name, the time since then, and the
names and lengths of the logs below the build directory that have grown since
then.  On a terminal, the program writes this line anew each second, over the
old one.  In a file, it adds a line each 25 seconds.
"""

import os
import select
import shutil
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

from results import build_dir

# The seconds without output after which the line of progress appears: on a
# terminal (True), and in a file (False).
QUIET = {True: 3, False: 25}
# The files that grow during a build, a download or a test.
LOGS = (
    "log/*.log",
    "apt/log",
    "apt/debs/*.deb",
    "apt/debs/partial/*",
    "kernels/*/build.log",
    "modules/*.log",
    "style/modules/*.log",
    "selftests/*.log",
    "results/*/ktap",
)


def sizes(build: Path) -> dict[Path, int]:
    """Return the size of each file that matches LOGS, by its path."""
    found = {}
    for pattern in LOGS:
        for path in build.glob(pattern):
            try:
                found[path] = path.stat().st_size
            except OSError:
                continue
    return found


def free(build: Path) -> int:
    """Return how many bytes are free on the disk of the build directory."""
    try:
        disk = os.statvfs(build)
    except OSError:
        return 0
    return disk.f_bfree * disk.f_frsize


def how_far(path: Path) -> str:
    """Return a log's name and length, in lines, or in MiB for a package."""
    if path.suffix == ".deb":
        return f"{path.name}: {path.stat().st_size >> 20} MiB"
    name = path.name if path.name != "build.log" else path.parent.name
    if path.name == "ktap":
        name = path.parent.name
    return f"{name}: {path.read_bytes().count(10)} lines"


class Screen:
    """The output: the command's lines, and the line of progress."""

    def __init__(self, out: int, build: Path, command: list[str]) -> None:
        self.out = out
        self.build = build
        self.is_terminal = os.isatty(out)
        seconds = os.environ.get("MODPROOF_QUIET")
        self.quiet = float(seconds or QUIET[self.is_terminal])
        self.start = float(os.environ.get("MODPROOF_START") or time.time())
        self.said = self.shown = time.monotonic()
        name = " ".join([Path(command[0]).name, *command[1:]])
        self.last = name.encode(errors="replace")
        self.half = b""
        self.has_line = False
        self.remember()

    def remember(self) -> None:
        """Record the sizes of the logs and the free space on the disk."""
        self.sizes = sizes(self.build)
        self.free = free(self.build)

    def wait(self) -> float:
        """Return the seconds until the next line of progress is due."""
        every = 1 if self.has_line else self.quiet
        return max(0.0, self.shown + every - time.monotonic())

    def write(self, data: bytes) -> None:
        """Write all of @data to the output."""
        while data:
            data = data[os.write(self.out, data) :]

    def pass_on(self, data: bytes) -> None:
        """Write output of the command, after erasing the progress."""
        self.clear()
        self.write(data)
        *lines, self.half = (self.half + data).split(b"\n")
        for line in lines:
            self.last = line.strip() or self.last
        self.said = self.shown = time.monotonic()
        self.remember()

    def clear(self) -> None:
        """Erase the line of progress from the terminal, if it is there."""
        if self.has_line:
            self.write(b"\r\x1b[K")
        self.has_line = False

    def line(self) -> str:
        """Return the line of progress."""
        last = self.last.decode(errors="replace")
        # If the last line begins with a time in brackets, remove the time.
        last = last.split("] ", 1)[-1] if last.startswith("[") else last
        took = time.monotonic() - self.said
        parts = [
            f"[{time.time() - self.start:4.0f} s] {last}: for {took:.0f} s"
        ]
        for path, size in sizes(self.build).items():
            if size > self.sizes.get(path, 0):
                parts.append(how_far(path))
        written = (self.free - free(self.build)) >> 20
        if written > 0:
            parts.append(f"{written} MiB written")
        return "; ".join(parts)

    def is_asked(self) -> bool:
        """Return true if the command may be waiting for an answer.

        Then it has printed a line without its end, or has turned the echo of
        the terminal off, as for a password.
        """
        return bool(self.half) or (
            self.is_terminal
            and not termios.tcgetattr(self.out)[3] & termios.ECHO
        )

    def show(self) -> None:
        """Write the line of progress, unless the command asks something."""
        self.shown = time.monotonic()
        if self.is_asked():
            return
        if self.is_terminal:
            columns = shutil.get_terminal_size().columns
            self.write(b"\r" + self.line()[: columns - 1].encode() + b"\x1b[K")
            self.has_line = True
        else:
            self.write(self.line().encode() + b"\n")


def same_file(one: int, other: int) -> bool:
    """Return true if two descriptors refer to the same file."""
    return os.path.samestat(os.fstat(one), os.fstat(other))


def start(command: list[str]) -> tuple[subprocess.Popen[bytes], int]:
    """Start the command; return its process, and the pipe with its output."""
    source, sink = os.pipe()
    process = subprocess.Popen(
        command,
        stdout=sink,
        stderr=sink if same_file(1, 2) else None,
        close_fds=False,
    )
    os.close(sink)
    return process, source


def watch(
    process: subprocess.Popen[bytes], source: int, screen: Screen
) -> int:
    """Pass on the command's output until it has ended."""
    ended = os.pidfd_open(process.pid)
    while True:
        ready, _, _ = select.select([source, ended], [], [], screen.wait())
        data = os.read(source, 65536) if source in ready else b""
        if data:
            screen.pass_on(data)
        elif ended in ready:
            break
        elif source in ready:
            process.wait()
            break
        else:
            screen.show()
    screen.clear()
    return process.wait()


def main() -> int:
    """Run the command; end as it does, with its status or by its signal."""
    # Do not end by SIGINT: the terminal sends it to the command as well, and
    # this program must wait for the command's end.
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: None)
    process, source = start(sys.argv[1:])
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: process.send_signal(number))
    # Python ignores SIGPIPE.  Let it end this program, as it ends others, if
    # the reader of the output has ended.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    status = watch(process, source, Screen(1, build_dir(), sys.argv[1:]))
    if status < 0:
        if status != -signal.SIGKILL:
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    return status


if __name__ == "__main__":
    sys.exit(main())
