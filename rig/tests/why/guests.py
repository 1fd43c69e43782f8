# SPDX-License-Identifier: GPL-2.0
"""Guests - load the files of cases in guests, and collect what kernels say"""

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import results
import snapshot
import vm
from make import HERE, is_newer, run

# What the loader needs of the kernel: it writes many lines to the log, and a
# case may make the kernel warn.
SETTINGS = {"panic_on_warn": "0", "printk_devkmsg": "on", "printk": "3"}
# A word of a case with this beginning means only that the case has a guest for
# itself.
ALONE = "proof.alone"
# The word that the loader carries out itself: at boot it would keep the guest
# from loading the modules that it needs.
DISABLED = "sysctl.kernel.modules_disabled=1"


@dataclass
class Step:
    """What the kernel said to one load: the errno and the new lines."""

    error: int
    log: list[str] = field(default_factory=list)


@dataclass
class Load:
    """One load of a file by the loader."""

    path: Path
    parameters: str = ""
    flags: int = 0

    def digest(self) -> str:
        """Return a hash of all that the kernel sees of the load."""
        known = f"{self.flags} {self.parameters} ".encode()
        return hashlib.sha256(known + self.path.read_bytes()).hexdigest()

    def line(self) -> str:
        """Return the line of the plan."""
        parameters = self.parameters.encode().hex() or "-"
        return f"load {self.flags} {parameters} {self.path}"


@dataclass
class Answers:
    """What the guests with the same words said.

    @steps are the answers by case, and @failures the reason why a case has
    none.  @modules is /proc/modules before the first case.  @digests has the
    hashes of the loads of each case.
    """

    steps: dict[str, list[Step]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    modules: str = ""
    digests: dict[str, list[str]] = field(default_factory=dict)
    seconds: float = 0

    def read(self, path: Path) -> None:
        """Read the answers in a file that write() wrote, if it is there."""
        if path.exists():
            known = json.loads(path.read_text())
            self.steps = {
                name: [Step(*step) for step in steps]
                for name, steps in known["steps"].items()
            }
            self.failures = known["failures"]
            self.digests = known["digests"]
            self.modules = known["modules"]

    def write(self, path: Path) -> None:
        """Write the answers to a file."""
        steps = {
            name: [(step.error, step.log) for step in steps]
            for name, steps in self.steps.items()
        }
        known = {
            "digests": self.digests,
            "failures": self.failures,
            "modules": self.modules,
            "steps": steps,
        }
        path.write_text(json.dumps(known, indent=1))


def loader(work: Path) -> Path:
    """Build the program that runs in the guests; return its path."""
    source, program = HERE / "loader.c", work / "loader"
    if not is_newer(program, [source]):
        work.mkdir(parents=True, exist_ok=True)
        compiler = shlex.split(os.environ.get("CC") or "gcc")
        run(
            *(*compiler, "-D_GNU_SOURCE", "-Wall", "-Wextra", "-O2"),
            *("-static", "-o", program, source),
        )
    return program


def read_answers(text: str, answers: Answers) -> str:
    """Read what the loader printed.

    Return the name of the case that did not end, or "".
    """
    name = ""
    steps: list[Step] = []
    modules: list[str] = []
    for line in text.splitlines():
        word, _, rest = line.partition(" ")
        if word == "module":
            modules.append(rest)
        elif word == "case":
            name, steps = rest, []
        elif word == "result":
            steps.append(Step(int(rest)))
        elif word == "log":
            steps[-1].log.append(rest)
        elif word == "stuck":
            answers.failures[name] = f"cannot be unloaded: {rest}"
        elif word == "error":
            raise RuntimeError(f"the loader: {rest}")
        elif word == "end":
            answers.steps[name] = steps
            name = ""
    answers.modules = "\n".join([*modules, ""])
    return name


def talk(start: vm.Start, limit: int) -> str:
    """Run a guest for at most @limit seconds; return what it prints."""
    if start.handshake:
        guest = start.handshake.start(start.command)
    else:
        guest = subprocess.Popen(
            start.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
    lines = []
    with guest:
        assert guest.stdin and guest.stdout
        timer = threading.Timer(limit, guest.kill)
        timer.start()
        for raw in guest.stdout:
            line = raw.decode("utf-8", "surrogateescape").replace("\r", "")
            if line.strip() != snapshot.WORDS:
                lines.append(line)
            elif start.handshake:
                start.handshake.answer(guest.stdin)
        timer.cancel()
    return "".join(lines)


class Guests:
    """Boots guests with one kernel.  Their files are in @work."""

    def __init__(self, kernel: vm.Kernel, work: Path) -> None:
        self.kernel = kernel
        self.work = work
        for name in ("modules", "ko"):
            (kernel.work / name).mkdir(parents=True, exist_ok=True)

    def command(self, words: tuple[str, ...], run: Path) -> vm.Start:
        """Return how to start a guest with more boot parameters.

        Without any, it need not boot, but is restored; see snapshot.py.
        """
        self.kernel.machine.words = [
            word
            for word in words
            if word != DISABLED and not word.startswith(ALONE)
        ]
        accel, _ = vm.accelerator(self.kernel)
        return vm.guest_start(self.kernel, accel, run, 0, 1, False)

    def boot(self, plan: str, words: tuple[str, ...]) -> str:
        """Run the loader in a guest; return what it printed."""
        (self.work / "plan").write_text(plan)
        run = self.work / "run"
        shutil.rmtree(run, ignore_errors=True)
        run.mkdir()
        program = loader(self.work.parent)
        lines = [
            f"echo {value} >/proc/sys/kernel/{name}"
            for name, value in SETTINGS.items()
        ]
        lines += [shlex.join(["exec", str(program), str(self.work / "plan")])]
        job = run / "job"
        job.write_text("\n".join(["#!/bin/sh", *lines, ""]))
        job.chmod(0o755)
        start = self.command(words, run)
        return talk(start, 120 + 2 * plan.count("\n"))

    def load(
        self,
        cases: dict[str, list[Load]],
        words: tuple[str, ...],
        is_recorded: bool = False,
        record_name: str = "",
    ) -> Answers:
        """Load the files of the cases, each case after the other.

        If a guest dies, boot another one for the rest; if a case kills two
        guests, it has no answer.  All answers are recorded.  With @is_recorded
        only those cases are loaded that have no answer in the record.
        """
        answers = Answers()
        begin = time.monotonic()
        tail = ".".join(["answers", record_name, *words])[:100]
        record = self.work / f"{tail.replace('/', '-')}.json"
        answers.read(record)
        digests = {
            name: [load.digest() for load in loads]
            for name, loads in cases.items()
        }
        left = {
            name: loads
            for name, loads in cases.items()
            if not is_recorded or answers.digests.get(name) != digests[name]
        }
        for name in left:
            answers.steps.pop(name, None)
            answers.failures.pop(name, None)
        answers.digests |= digests
        tries: dict[str, int] = {}
        while left:
            plan = ["disable"] if DISABLED in words else []
            for name, loads in left.items():
                plan += [f"case {name}", *(load.line() for load in loads)]
            text = self.boot("\n".join([*plan, ""]), words)
            unfinished = read_answers(text, answers)
            done = answers.steps.keys() & left.keys()
            for name in done:
                del left[name]
            if not done or unfinished:
                unfinished = unfinished or next(iter(left))
                tries[unfinished] = tries.get(unfinished, 0) + 1
            if tries.get(unfinished, 0) > 1:
                answers.failures[unfinished] = "the guest died"
                del left[unfinished]
        answers.seconds = time.monotonic() - begin
        answers.write(record)
        return answers


def work_dir() -> Path:
    """Return the directory in which the proof works."""
    return results.build_dir().resolve() / "why"
