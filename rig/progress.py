#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Progress - run a command, and show its progress while it prints nothing

    rig/progress.py COMMAND [ARGUMENT...]

The command's output is passed on.  If there is none for some seconds, its last
line is shown again, with the time since then, and with the logs below the
build directory that have grown since then.  On a terminal this is one line,
which is written again each second; in a file it is a line of its own twice a
minute.
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

# Seconds without output before progress is shown, by whether it is a terminal.
QUIET = {True: 3, False: 25}
# Files that grow while something is built, fetched or tested.
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
    """Return the logs that exist, and the size of each."""
    found = {}
    for pattern in LOGS:
        for path in build.glob(pattern):
            try:
                found[path] = path.stat().st_size
            except OSError:
                continue
    return found


def free(build: Path) -> int:
    """Return the number of bytes that are free below the build directory."""
    try:
        disk = os.statvfs(build)
    except OSError:
        return 0
    return disk.f_bfree * disk.f_frsize


def how_far(path: Path) -> str:
    """Return the length of a log, in lines, or in MiB if it is not text."""
    if path.suffix == ".deb":
        return f"{path.name}: {path.stat().st_size >> 20} MiB"
    name = path.name if path.name != "build.log" else path.parent.name
    if path.name == "ktap":
        name = path.parent.name
    return f"{name}: {path.read_bytes().count(10)} lines"


class Screen:
    """The output: the command's lines, and the line of progress."""

    def __init__(self, out: int, build: Path) -> None:
        self.out = out
        self.build = build
        self.is_terminal = os.isatty(out)
        seconds = os.environ.get("MODPROOF_QUIET")
        self.quiet = float(seconds or QUIET[self.is_terminal])
        self.start = float(os.environ.get("MODPROOF_START") or time.time())
        self.said = self.shown = time.monotonic()
        self.last = b"starting"
        self.half = b""
        self.has_line = False
        self.remember()

    def remember(self) -> None:
        """Record the current sizes."""
        self.sizes = sizes(self.build)
        self.free = free(self.build)

    def wait(self) -> float:
        """Return the number of seconds until progress must be shown."""
        every = 1 if self.has_line else self.quiet
        return max(0.0, self.shown + every - time.monotonic())

    def write(self, data: bytes) -> None:
        """Write all of @data."""
        while data:
            data = data[os.write(self.out, data) :]

    def pass_on(self, data: bytes) -> None:
        """Show output of the command."""
        self.clear()
        self.write(data)
        *lines, self.half = (self.half + data).split(b"\n")
        for line in lines:
            self.last = line.strip() or self.last
        self.said = self.shown = time.monotonic()
        self.remember()

    def clear(self) -> None:
        """Erase the line of progress."""
        if self.has_line:
            self.write(b"\r\x1b[K")
        self.has_line = False

    def line(self) -> str:
        """Return the line of progress."""
        last = self.last.decode(errors="replace")
        # Remove the time from a last line that begins with one.
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
        """Return true if a question may be pending, perhaps for a password."""
        return bool(self.half) or (
            self.is_terminal
            and not termios.tcgetattr(self.out)[3] & termios.ECHO
        )

    def show(self) -> None:
        """Show the line of progress, unless a question is pending."""
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
    """Run the command, and end in the same way."""
    # The terminal sends SIGINT to the command as well, which ends by it.
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: None)
    process, source = start(sys.argv[1:])
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: process.send_signal(number))
    # If the reader of the output has ended, SIGPIPE ends this like any
    # program.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    status = watch(process, source, Screen(1, build_dir()))
    if status < 0:
        if status != -signal.SIGKILL:
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    return status


if __name__ == "__main__":
    sys.exit(main())
