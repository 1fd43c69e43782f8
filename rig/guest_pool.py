# SPDX-License-Identifier: GPL-2.0
"""Guest pool - distribute a job's areas over guests, and merge their output

A job is a program that runs in a guest and writes a KTAP document.  An area is
a unit of the job's work, with a name.  To get an area, the job writes the line
"modproof: next" and reads the area's name from the host, or an empty line if
no area remains.  So several guests share the work.  If a guest dies, the
others do the areas that remain.  The guest's last line is its verdict, which
has the exit status of the job.

The host and each guest also share a directory, which is called the pulse.
Each second the host writes two numbers to it: how busy the host is, and how
long the guest has run in its own time (see pace.py).  The timeouts in the
guest use both.  The guest writes its uptime to the pulse each second, as a
heartbeat.  By the heartbeat, the host sees whether the kernel or only the job
has hung.
"""

import math
import os
import re
import select
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

import ktap_writer
import snapshot
from pace import Pace

VERDICT = re.compile(r"^modproof: verdict (\d+)$")
NEXT = "modproof: next"
AREA = re.compile(r"^((?:not )?ok) \d+ (?:- )?(\S+)(.*)")
PROGRAM = re.compile(r"^    ((?:not )?ok) \d+ (?:- )?(\S+)(.*)")
TEST = re.compile(r"^        (?:not )?ok \d+ (?:- )?([^#]*[^# ])")
FAILED = re.compile(r"^\s*not ok ")
COMMENT = re.compile(r"^    # (.*)")
OUT_OF_TIME = re.compile(r"^( *)(?:# .*\bTest terminated by|.*# timed out) ")
# Seconds between two checks of the guests.
TICK = 1
# The number of seconds, in the guest's own time, after which a guest without a
# new heartbeat has hung.
DEAD = 60


class Document:
    """The KTAP document of a run, and the queue of the areas to do.

    The document has the output of all guests of the run.
    """

    def __init__(
        self, run: Path, areas: Sequence[str] = (), show: bool = False
    ) -> None:
        self.run = run
        self.show = show
        self.areas = 0
        self.seconds: dict[str, float] = {}
        self.parts: list[tuple[Guest, list[str], float]] = []
        # This file stays open until the end of the run, so no "with" closes
        # it.
        self.out = open(run / "ktap", "w", encoding="utf-8")
        self.begin(areas)

    def begin(self, areas: Sequence[str]) -> None:
        """Put @areas into the queue, and write the head of the document.

        The head announces one result for each area.
        """
        self.left = list(areas)
        head = ktap_writer.head(len(areas)) if areas else []
        self.plan = "".join(f"{line}\n" for line in head)
        self.out.write(self.plan)

    def say(self, text: str) -> None:
        """Print a line of progress."""
        print(f"  {self.run.name}: {text}", flush=True)

    def next_area(self, front: bool) -> str | None:
        """Take an area from the front or the back of the queue; return it.

        Return None if the queue is empty.
        """
        return self.left.pop(0 if front else -1) if self.left else None

    def add(self, guest: "Guest", lines: list[str], seconds: float) -> None:
        """Write @lines of one guest to the document.

        They are usually all lines of an area.  The last one is the area's
        result, which took @seconds and gets the document's next number.
        """
        area = AREA.match(lines[-1]) if lines else None
        if area:
            self.areas += 1
            self.seconds[area[2]] = seconds
            result = ktap_writer.result(area[1] == "ok", self.areas, area[2])
            lines[-1] = result + area[3]
        self.parts.append((guest, lines, seconds))
        self.out.write("".join(f"{line}\n" for line in lines))
        self.out.flush()

    def forget(self, guest: "Guest") -> None:
        """Return to the queue each area of @guest, finished or not.

        The exception is a finished area with a failure, which stays in the
        document.  Write the document again without the areas that were
        removed.
        """
        parts, self.parts = self.parts, []
        self.areas = 0
        self.out.seek(0)
        self.out.truncate()
        self.out.write(self.plan)
        for whose, lines, seconds in parts:
            area = AREA.match(lines[-1]) if lines else None
            is_green = not any(map(FAILED.match, lines))
            if area and whose is guest and is_green:
                self.left.append(area[2])
            else:
                self.add(whose, lines, seconds)
        if guest.area:
            self.left.append(guest.area)


class Guest:
    """A guest: a QEMU process whose stdin and stdout are pipes to the host."""

    # Set by start().
    process: subprocess.Popen[bytes]
    stdin: IO[bytes]
    stdout: IO[bytes]
    pace: Pace

    def __init__(
        self,
        command: list[str],
        document: Document,
        front: bool = True,
        excuse: Callable[[], bool] = lambda: False,
        pulse: Path | None = None,
        handshake: snapshot.Handshake | None = None,
    ) -> None:
        """Prepare a guest that start() starts with @command.

        @front is true if the guest takes areas from the front of the queue.
        @excuse is a function that returns true if an end of the guest without
        a verdict is the emulator's mistake, not a failure.  @pulse is the
        directory that the guest shares with the host.  @handshake answers a
        guest that asks for its words; see snapshot.py.
        """
        self.command = command
        self.document = document
        self.front = front
        self.excuse = excuse
        self.pulse = pulse
        self.handshake = handshake
        self.is_excused = False
        self.errors: list[str] = []
        self.verdict: int | None = None
        self.area: str | None = None
        self.has_begun = False
        self.lines: list[str] = []
        self.pending = b""
        self.is_started = False
        self.heard = self.program_start = self.area_start = 0.0
        self.test_start = 0.0
        # The seconds of the tests of the program that is running.
        self.tests: dict[str, float] = {}
        # The times of the guest's last output and last heartbeat, in its own
        # time.
        self.said = self.lived = 0.0
        self.heartbeat = ""

    def start(self) -> None:
        """Boot the guest."""
        if self.pulse:
            self.pulse.mkdir(exist_ok=True)
            (self.pulse / "guest").unlink(missing_ok=True)
        self.heard = self.program_start = time.monotonic()
        if self.handshake:
            self.process = self.handshake.start(self.command)
        else:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        self.is_started = True
        assert self.process.stdin and self.process.stdout
        self.stdin, self.stdout = self.process.stdin, self.process.stdout
        self.pace = Pace(self.process.pid, self.heard)
        if self.pulse:
            self.exchange_pulse(self.pulse)

    def look_after(self, patience: float) -> None:
        """Check the guest; kill it if it has hung for @patience seconds."""
        self.pace.look(time.monotonic())
        if self.pulse:
            self.exchange_pulse(self.pulse)
        own = self.pace.own
        if self.heartbeat and own - self.lived > DEAD:
            self.kill(
                f"the kernel hung: it is without a heartbeat for {DEAD} s"
            )
        elif own - self.said > patience:
            self.kill(
                f"the {'job' if self.heartbeat else 'guest'} hung: "
                f"it has printed nothing for {patience} s"
            )

    def exchange_pulse(self, pulse: Path) -> None:
        """Write the host's state for the guest, and read its heartbeat."""
        new = pulse / "host.new"
        new.write_text(f"{math.ceil(self.pace.busy)} {int(self.pace.own)}\n")
        new.replace(pulse / "host")
        try:
            heartbeat = (pulse / "guest").read_text()
        except FileNotFoundError:
            return
        # The file may be empty while the guest writes it.
        if heartbeat not in ("", self.heartbeat):
            self.heartbeat = heartbeat
            self.lived = self.pace.own

    def fileno(self) -> int:
        """Return the descriptor for select()."""
        return self.stdout.fileno()

    def kill(self, error: str | None = None) -> None:
        """Kill the guest, and record @error unless it has an earlier one."""
        if error and not self.errors:
            last = f' after "{self.lines[-1].strip()}"' if self.lines else ""
            area = f", in {self.area}" if self.area else ""
            self.errors.append(
                f"{error} of its own time{area}{last}; {self.pace}"
            )
        self.process.kill()

    def read(self) -> bool:
        """Read the guest's output; return false at its end."""
        data = os.read(self.fileno(), 65536)
        self.heard = time.monotonic()
        *lines, self.pending = (self.pending + data).split(b"\n")
        if not data and self.pending:
            lines.append(self.pending)
        for line in lines:
            self.see(line.decode(errors="replace").rstrip("\r"))
        if not data:
            self.end()
        return bool(data)

    def see(self, line: str) -> None:
        """Process one line of the guest's output."""
        if line == snapshot.WORDS and not self.has_begun:
            if self.handshake:
                self.handshake.answer(self.stdin)
            return
        # A guest that was saved while it asked sends the rest of that line first.
        if self.handshake and not self.handshake.is_done:
            return
        self.said = self.pace.own
        if not self.has_begun:
            self.has_begun = True
            self.document.say(
                f"the guest is up after {self.heard - self.program_start:.1f} s"
            )
            self.program_start = self.area_start = self.heard
            self.test_start = self.heard
        verdict = VERDICT.match(line)
        # A line after a verdict makes it void, so a test cannot forge one: the
        # guest writes more lines after those of the test.
        self.verdict = int(verdict[1]) if verdict else None
        if line == NEXT:
            self.hand_out()
        elif not verdict:
            late = OUT_OF_TIME.match(line)
            if late:
                self.lines.append(f"{late[1]}# {self.pace}")
            self.lines.append(line)
            self.report(line)

    def hand_out(self) -> None:
        """Send the guest the name of its next area, or an empty line."""
        self.area = self.document.next_area(self.front)
        self.area_start = self.heard
        try:
            self.stdin.write(f"{self.area or ''}\n".encode())
            self.stdin.flush()
        except BrokenPipeError:
            pass

    def report(self, line: str) -> None:
        """Print a line of progress if @line is a program's result.

        If @line is an area's result, add the area to the document.
        """
        if AREA.match(line):
            self.area = None
            self.pass_on()
        program = PROGRAM.match(line)
        comment = COMMENT.match(line)
        test = TEST.match(line)
        if test:
            self.tests[test[1]] = self.heard - self.test_start
        if test or program:
            self.test_start = self.heard
        if program:
            self.add_seconds(program[2])
            self.document.say(
                f"{program[1]} {program[2]}{program[3]} "
                f"({self.heard - self.program_start:.1f} s)"
            )
            self.program_start = self.heard
        elif comment and self.document.show and "Subtest" not in line:
            print(comment[1], flush=True)

    def add_seconds(self, program: str) -> None:
        """Add to the document how long a program and its tests took."""
        if self.area:
            names = f"{self.area}.{program}"
            took = self.heard - self.program_start
            self.document.seconds[names] = round(took, 2)
            for test, seconds in self.tests.items():
                self.document.seconds[f"{names}.{test}"] = round(seconds, 2)
        self.tests = {}

    def pass_on(self) -> None:
        """Move the lines since the last area's result to the document."""
        self.document.add(self, self.lines, self.heard - self.area_start)
        self.lines = []
        self.area_start = self.heard

    def end(self) -> None:
        """Record the errors of a guest that has ended."""
        self.stdin.close()
        status = self.process.wait()
        if not self.errors and status:
            self.errors.append(f"QEMU ended with status {status}")
        if not self.errors and self.verdict is None:
            self.errors.append("the guest ended before its job was done")
        if self.verdict:
            self.errors.append(f"the job ended with status {self.verdict}")
        is_green = not any(map(FAILED.match, self.lines))
        self.is_excused = self.verdict is None and is_green and self.excuse()
        if not self.is_excused:
            self.give_up()

    def give_up(self, error: str | None = None) -> None:
        """Add the guest's unfinished area to the document, as failed.

        @error, if there is one, replaces the errors of the guest.
        """
        if error:
            self.errors = [error]
        if self.area:
            self.lines.append(
                ktap_writer.result(False, 0, self.area, self.errors[0])
            )
        self.pass_on()


def serve(guests: Sequence[Guest], patience: float) -> None:
    """Serve the guests until each has ended or timed out."""
    running = list(guests)
    try:
        for guest in guests:
            guest.start()
        look = time.monotonic()
        while running:
            wait = max(0, look - time.monotonic())
            ready, _, _ = select.select(running, [], [], wait)
            running = [
                guest
                for guest in running
                if guest not in ready or guest.read()
            ]
            if time.monotonic() >= look:
                look = time.monotonic() + TICK
                for guest in running:
                    guest.look_after(patience)
    finally:
        for guest in running:
            if guest.is_started:
                guest.kill()
                guest.process.wait()
