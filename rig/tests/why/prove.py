#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Prove - compare what modproof why says with what kernels say

    rig/tests/why/prove.py KERNEL... [--why PROGRAM] [--cases GLOB]...
                [--recorded] [--own | --pairs]

KERNEL is a directory as rig/kernel makes it.  PROGRAM is the program of
rig/why; without it, only the kernels are asked.  With --recorded the kernels'
answers are those of the last run, if the files are the same.  The results are
a KTAP document.

With --own the files are all modules of the project, built for each kernel.
With --pairs the program is asked about all modules of the first kernel's
package for the second kernel, and some of them are loaded.
"""

import argparse
import errno
import fnmatch
import json
import random
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[2]))

import results
import vm
from cases import CASES, Case
from guests import ALONE, Answers, Guests, Load, Step, work_dir
from make import Maker, Source, run
from second import SECOND

# Lines that a kernel prints once after it has booted, or not each time.
ONCE = re.compile(
    r"module verification failed: signature|"
    r"loading out-of-tree module taints kernel|"
    r"module license (.*)?taints kernel|"
    r"Disabling lock debugging due to kernel taint|"
    r": kernel tainted\.$|loading test module taints kernel|"
    r"tainting kernel with TAINT_LIVEPATCH|^Lockdown: |"
    r"^Kernel module BTF mismatch detected"
)
# Lines that have nothing to do with a load.
NOISE = re.compile(
    r"callbacks suppressed$|^(random: |clocksource: |hrtimer: |workqueue: |"
    r"perf: |sched: |rcu: INFO|systemd|virtio|9p|e820|input: |tsc: |"
    r"irq event stamp: |(hard|soft)irqs last )"
)
# What init() of a driver returns if there is no such device.
NO_DEVICE = errno.ENODEV, errno.ENXIO, errno.EOPNOTSUPP
# What the program writes for what it does not know, as an address.
UNKNOWN = "..."
# The modules of a package that are drawn by lot, and the seed for it.
DRAWN = 50
SEED = 1
# The length of a line in the document.
WIDTH = 300
# The length from which on a kernel may cut a line.
CUT = 900


@dataclass
class Result:
    """A case on a kernel, and what came of it.

    @differences are lines for the user; @is_unsure is true if the program does
    not know the answer; @skip is the reason why there is no comparison.
    """

    name: str
    differences: list[str] = field(default_factory=list)
    is_unsure: bool = False
    skip: str = ""


def error_name(number: int) -> str:
    """Return the name of an errno, or "loads" for 0."""
    if not number:
        return "loads"
    return errno.errorcode.get(number, str(number))


def same_errno(number: int, name: str | None) -> bool:
    """Return true if @name is the errno @number; None is 0."""
    if name is None:
        return number == 0
    return getattr(errno, name, None) == number or name == str(number)


def unescape(line: str) -> str:
    """Return a line of the log without the escapes of /dev/kmsg."""
    raw = re.sub(
        rb"\\x([0-9a-f]{2})",
        lambda found: bytes([int(found[1], 16)]),
        line.encode("utf-8", "surrogateescape"),
    )
    return raw.decode("utf-8", "surrogateescape")


def same_line(real: str, said: str) -> bool:
    """Return true if the program's line is the kernel's.

    The program cannot know addresses, and writes "..." for what it does not
    know.
    """
    pattern = re.escape(said).replace(re.escape(UNKNOWN), ".*")
    return any(
        re.fullmatch(pattern, line)
        or (len(line) > CUT and said.startswith(line))
        for line in (real, unescape(real))
    )


def without_traces(log: list[str]) -> list[str]:
    """Return the lines of a log; keep only the message of a warning."""
    kept: list[str] = []
    is_inside = False
    for line in log:
        if line.startswith("------------[ cut here ]"):
            continue
        if line.startswith(("WARNING: ", "CPU: ")):
            is_inside = True
        is_end = line.startswith("---[ end trace")
        if not is_inside and not is_end and not NOISE.search(line):
            kept.append(line)
        if line == " </TASK>":
            is_inside = False
    return kept


def is_alone(case: Case) -> bool:
    """Return true if a case has a guest for itself."""
    return ALONE in " ".join(case.words)


def same_log(step: Step, said: list[str], case: Case, number: int) -> bool:
    """Return true if the logs of the load @number of a case agree.

    Lines that come only once may be missing, if it is not the first load of a
    guest.  After them a module may have written lines itself.
    """
    is_first = number == 1 and is_alone(case)
    left = without_traces(step.log)
    for line in said:
        if left and same_line(left[0], line):
            left.pop(0)
        elif is_first or not ONCE.search(line):
            return False
    return not left or (case.is_loud and not step.error)


def compare(
    case: Case, steps: list[Step], said: list[dict[str, Any]]
) -> Result:
    """Compare the answers of the kernel and of the program to one case."""
    result = Result("")
    if len(steps) != len(said):
        result.differences = [f"{len(steps)} loads, {len(said)} answers"]
    for number, (step, answer) in enumerate(zip(steps, said), 1):
        if answer["verdict"] == "unsure":
            result.is_unsure = True
            continue
        if (
            case.is_loud
            and answer["verdict"] == "loads"
            and step.error in NO_DEVICE
        ):
            continue
        verdict = "refused" if step.error else "loads"
        if (
            answer["verdict"] == verdict
            and same_errno(step.error, answer["errno"])
            and same_log(step, answer["log"], case, number)
        ):
            continue
        result.differences += [
            f"load {number}",
            f"kernel: {error_name(step.error)}",
            *(f"kernel: | {line}" for line in without_traces(step.log)),
            f"why: {answer['verdict']} {answer['errno'] or ''}",
            *(f"why: | {line}" for line in answer["log"]),
            *(f"why: unsure: {text}" for text in answer.get("unsure", [])),
        ]
    return result


class Proof:
    """The proof for one kernel."""

    def __init__(
        self, kernel: vm.Kernel, why: str | None, is_recorded: bool
    ) -> None:
        self.kernel = kernel
        self.why = why
        self.is_recorded = is_recorded
        self.maker = Maker(kernel, work_dir())
        self.work = self.maker.work
        self.work.mkdir(parents=True, exist_ok=True)
        self.guests = Guests(kernel, self.work)
        self.name = ""
        self.seconds = 0.0

    def make(self, case: Case) -> list[Load]:
        """Make the files of a case."""
        where = self.work / "cases" / case.name
        where.mkdir(parents=True)
        loads = []
        for number, source in enumerate(case.files, 1):
            path = where / f"{number}.ko"
            path.write_bytes(source(self.maker))
            loads.append(Load(path, flags=case.flags))
        loads[-1].parameters = " ".join(case.parameters)
        return loads

    def make_all(self, cases: list[Case]) -> dict[str, list[Load] | str]:
        """Make the files of all cases; a string says why that cannot be."""
        shutil.rmtree(self.work / "cases", ignore_errors=True)
        made: dict[str, list[Load] | str] = {}
        for case in cases:
            try:
                made[case.name] = self.make(case)
            except (
                LookupError,
                OSError,
                RuntimeError,
                StopIteration,
            ) as error:
                made[case.name] = f"{type(error).__name__}: {error}"
        return made

    def ask(self, case: Case, loads: list[Load]) -> list[dict[str, Any]]:
        """Ask the program; return its answers."""
        assert self.why
        command = [self.why, "--json", "--kernel", str(self.kernel.path)]
        command += ["--loaded", str(self.work / "modules.loaded")]
        command += ["--cmdline", " ".join(["quiet", *case.words])]
        if case.flags:
            command += ["--flags", str(case.flags)]
        # Behind "--" a parameter may begin with "-".
        command += ["--", *(str(load.path) for load in loads)]
        command += case.parameters
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )
        try:
            answer = json.loads(done.stdout.decode("utf-8", "surrogateescape"))
            by_file = {found["file"]: found for found in answer["modules"]}
            modules = [by_file[str(load.path)] for load in loads]
        except (ValueError, KeyError):
            raise RuntimeError(
                f"status {done.returncode}: "
                f"{done.stderr.decode(errors='replace').strip()}"
            ) from None
        return modules

    def judge(
        self, case: Case, loads: list[Load], steps: list[Step]
    ) -> Result:
        """Ask the program about a case, and compare the answers."""
        begin = time.monotonic()
        try:
            result = compare(case, steps, self.ask(case, loads))
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            result = Result("", [f"why: {error}"])
        self.seconds += time.monotonic() - begin
        if result.is_unsure and not case.is_hidden and not result.differences:
            result.differences = ["why: unsure"]
        return result

    def result(
        self, case: Case, loads: list[Load] | str, answers: Answers
    ) -> Result:
        """Return what came of a case."""
        if isinstance(loads, str):
            return Result(case.name, skip=loads)
        steps = answers.steps.get(case.name)
        if steps is None:
            failure = answers.failures.get(case.name, "no answer")
            return Result(case.name, [f"kernel: {failure}"])
        if self.why:
            result = self.judge(case, loads, steps)
        else:
            result = Result(case.name)
            for step in steps:
                print(f"# {case.name}: {error_name(step.error)}")
                for line in step.log:
                    print(f"#\t{line}")
        result.name = case.name
        if case.name in answers.failures:
            result.differences.append(f"kernel: {answers.failures[case.name]}")
        return result

    def run(self, cases: list[Case]) -> list[Result]:
        """Run the cases: those with the same words in the same guest."""
        made = self.make_all(cases)
        found = []
        for words in dict.fromkeys(case.words for case in cases):
            group = [case for case in cases if case.words == words]
            loads = {
                case.name: loads
                for case in group
                if not isinstance(loads := made[case.name], str)
            }
            answers = self.guests.load(
                loads, words, self.is_recorded, self.name
            )
            (self.work / "modules.loaded").write_text(answers.modules)
            print(
                f"# {self.kernel.path.name} {' '.join(words)}: "
                f"{len(group)} cases in {answers.seconds:.0f} s"
            )
            found += [self.result(c, made[c.name], answers) for c in group]
        if self.why:
            print(f"# why took {self.seconds:.1f} s")
        return found


class Document:
    """A KTAP document on stdout, and its counts."""

    def __init__(self) -> None:
        self.number = 0
        self.failed = 0
        self.skipped = 0
        self.unsure = 0
        print("KTAP version 1")

    def add(self, kernel: str, result: Result) -> None:
        """Write the result of a case."""
        self.number += 1
        status, tail = "ok", ""
        if result.differences:
            status = "not ok"
            self.failed += 1
        elif result.skip:
            tail = f" # SKIP {result.skip}"
            self.skipped += 1
        elif result.is_unsure:
            tail = " # unsure"
            self.unsure += 1
        for line in result.differences:
            text = line.encode("utf-8", "surrogateescape")
            print("# " + text.decode("utf-8", "backslashreplace")[:WIDTH])
        print(f"{status} {self.number} {kernel}.{result.name}{tail}")

    def end(self) -> int:
        """Write the plan; return the exit status."""
        print(f"1..{self.number}")
        print(
            f"# {self.number - self.failed - self.skipped} agree "
            f"({self.unsure} of them unsure), {self.failed} differ, "
            f"{self.skipped} skipped"
        )
        return 1 if self.failed else 0


def wanted_cases(globs: list[str]) -> list[Case]:
    """Return the cases whose name matches one of the patterns."""
    return [
        case
        for case in CASES + SECOND
        if any(fnmatch.fnmatch(case.name, glob) for glob in globs)
    ]


def file_case(path: Path, needed: list[Path]) -> Case:
    """Return a case for a file that is there, and for what it needs."""

    def source(path: Path) -> Source:
        return lambda maker: vm.unpack(path, maker.scratch()).read_bytes()

    return Case(
        vm.module_name(path), tuple(map(source, [*needed, path])), is_loud=True
    )


def own_cases(kernel: vm.Kernel) -> list[Case]:
    """Build the project's modules for a kernel; return a case for each."""
    run(vm.HERE.parent / "tools/modules", "build", kernel.path)
    built = results.build_dir() / "modules" / kernel.path.name
    files = {vm.module_name(path): path for path in built.rglob("*.ko")}

    def needed(name: str) -> list[str]:
        """Return what must be loaded before a module, in order."""
        order: list[str] = []
        for other in vm.depends(files[name]):
            if other in files:
                order += [*needed(other), other]
        return list(dict.fromkeys(order))

    return [
        file_case(files[name], [files[other] for other in needed(name)])
        for name in sorted(files)
    ]


def pair_cases(proof: "Proof", package: vm.Kernel) -> list[Case]:
    """Ask the program about all modules of a package.

    Print the counts; return cases for modules that are drawn by lot.
    """
    files = sorted(package.modules.joinpath("kernel").rglob("*.ko*"))
    begin = time.monotonic()
    verdicts: Counter[str] = Counter()
    for at in range(0, len(files), 500):
        command = [proof.why or "true", "--json"]
        command += ["--kernel", str(proof.kernel.path)]
        command += map(str, files[at : at + 500])
        done = subprocess.run(
            command, capture_output=True, text=True, check=False
        )
        for answer in json.loads(done.stdout or '{"modules": []}')["modules"]:
            verdicts[answer["errno"] or answer["verdict"]] += 1
    seconds = time.monotonic() - begin
    counts = ", ".join(f"{count} {name}" for name, count in verdicts.items())
    print(f"# {len(files)} modules in {seconds:.1f} s: {counts}")
    drawn = random.Random(SEED).sample(files, min(DRAWN, len(files)))
    return [file_case(path, []) for path in drawn]


def run_all(kernels: list[vm.Kernel], args: argparse.Namespace) -> int:
    """Run what the arguments ask for on all kernels."""
    proofs = [Proof(kernel, args.why, args.recorded) for kernel in kernels]
    document = Document()
    if args.pairs:
        proofs = proofs[1:]
    for proof in proofs:
        if not args.own and not args.pairs:
            proof.maker.build()
        others = [other.maker for other in proofs if other is not proof]
        proof.maker.other = others[0] if others else None
    for proof in proofs:
        if args.pairs:
            cases = pair_cases(proof, kernels[0])
            proof.name = f"pairs-{kernels[0].path.name}"
        elif args.own:
            cases = own_cases(proof.kernel)
            proof.name = "own"
        else:
            cases = wanted_cases(args.cases)
        for result in proof.run(cases):
            document.add(proof.kernel.path.name, result)
    return document.end()


def main() -> int:
    """Run the cases that the arguments name."""
    parser = argparse.ArgumentParser(description="Compare why with kernels.")
    parser.add_argument("kernel", nargs="+")
    parser.add_argument("--why", metavar="PROGRAM")
    parser.add_argument("--cases", action="append", metavar="GLOB")
    parser.add_argument("--recorded", action="store_true")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--own", action="store_true")
    kind.add_argument("--pairs", action="store_true")
    args = parser.parse_args()
    args.cases = args.cases or ["*"]
    if args.pairs and len(args.kernel) != 2:
        parser.error("--pairs takes two kernels")
    return run_all([vm.Kernel(path) for path in args.kernel], args)


if __name__ == "__main__":
    sys.exit(main())
