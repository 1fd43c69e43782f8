#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Replay mutants - put known defects back, and check that the tests find them

    tools/replay_mutants.py KERNEL [ID...]

KERNEL is a directory as rig/kernel makes it.  A mutant is a patch that puts a
defect back, selftests/<area>/mutants/<ID>.patch.  Its row in
Documentation/errata.tsv has the tests that guard it, which must fail, the
kernel on which they fail, and whether the build must fail instead.  Without an
ID, the program runs all mutants whose row names KERNEL.  It applies the
patches to a copy of the sources; patches that change different files share a
build and a boot.  A mutant is killed if a guard fails or the guest ends early.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "rig"))

import errata
import results
import vm
from common import die
from first_error import near
from guest_pool import Document

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
WORK = results.build_dir() / "mutants"
TOUCHED = re.compile(r"^\+\+\+ b/(\S+)", re.M)
RESULT = re.compile(r"^(ok|not ok) \d+ (\S+)(?: # (.*))?")
FAILED_TEST = re.compile(r"^\s*not ok \d+ (?:- )?([^\s#]+)")
LIVES = "lives: no test failed because of it"
# The first words of the paths of files that several modules share.
SHARED = ("core/", "include/", "lib/", "modules/gpio/buttons.")


class Quiet(Document):
    """A document that prints no progress."""

    def say(self, text: str) -> None:
        pass


class Mutant:
    """A patch that puts a defect back, and the result of its guards.

    killed_by is None before the result, and "" if no guard failed.
    """

    def __init__(self, path: Path, row: list[str]) -> None:
        self.name = path.stem
        self.path = path
        self.guarded_by = row[2]
        self.kernel, _, build = row[3].partition(" ")
        self.must_break_build = build == "build"
        self.touched = set(TOUCHED.findall(path.read_text()))
        self.guards: set[str] = set()
        self.killed_by: str | None = None
        self.said: list[str] = []

    def meets(self, other: "Mutant") -> bool:
        """Return true if two mutants cannot share a build.

        This is so if they change the same module, or if a test guards both: if
        this test failed, it would not show which of the two it has found.
        """
        mine, theirs = self.rooms(), other.rooms()
        return bool(
            mine & theirs or "" in mine | theirs or self.guards & other.guards
        )

    def programs_with(self, header: str) -> list[Path]:
        """Return the programs that include @header and test this mutant.

        A program is usually named after the module that it tests.  If some
        programs have the name of a file that the mutant changes, return these.
        Otherwise return all, because a program such as load_fault_test tests
        several modules.
        """
        area = self.path.parent.parent
        include = re.compile(rf'^#include "(.*/)?{header}"$', re.M)
        programs = [
            source.stem
            for source in sorted(area.glob("*_test.c"))
            if include.search(source.read_text())
        ]
        if not programs:
            die(
                f"{self.name} is guarded by tests of {header}, which no program "
                f"of {near(area)} includes: name a file that one includes"
            )
        stems = "|".join(re.escape(Path(name).stem) for name in self.touched)
        own = [
            name
            for name in programs
            if re.match(rf"({stems})(_.*)?_test$", name)
        ]
        return [area.relative_to(PROJECT) / name for name in own or programs]

    def rooms(self) -> set[str]:
        """Return the files that the mutant changes.

        "" stands for all files: for a mutant that changes a shared file, and
        for one that must break the build, so that it is built alone.
        """
        return {
            "" if self.must_break_build or name.startswith(SHARED) else name
            for name in self.touched
        }


def rounds_of(mutants: list[Mutant]) -> list[list[Mutant]]:
    """Split @mutants into lists; those in a list can share a build."""
    rounds: list[list[Mutant]] = []
    for mutant in mutants:
        for others in rounds:
            if not any(mutant.meets(other) for other in others):
                others.append(mutant)
                break
        else:
            rounds.append([mutant])
    return rounds


def builds_of(program: Path) -> list[Path]:
    """Return a test program, and its 32-bit version if there is one."""
    name = program.name.removesuffix("_test") + "_32_test"
    built = results.build_dir() / "selftests" / program.parent.name / name
    return [program, program.with_name(name)] if built.exists() else [program]


def guards_of(kernel: vm.Kernel, mutant: Mutant) -> set[str]:
    """Return the guards of a mutant, as lines with a program and a test.

    tools/guest/mutant reads these lines.  They omit KUnit suites if the kernel
    has no KUnit, such as a stock kernel.
    """
    absent: tuple[str, ...] = ("tools/",)
    if "KUNIT" not in kernel.symbols():
        absent += ("kunit/",)
    lines = set()
    for guard in mutant.guarded_by.split(","):
        if guard.strip().startswith(absent):
            continue
        file, test = guard.strip().split(":")
        path = Path(file)
        programs = [path.parent / path.stem]
        if path.suffix == ".h":
            programs = mutant.programs_with(path.name)
        for program in programs:
            lines |= {f"{build} {test}\n" for build in builds_of(program)}
    return lines


def run_tool(*command: str, env: dict[str, str]) -> tuple[bool, str]:
    """Run a tool; return (true if it succeeded, what it printed)."""
    done = subprocess.run(
        command,
        env=os.environ | env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout


def mutated_sources(mutants: list[Mutant]) -> Path:
    """Copy the project, and apply the patches to the copy; return its path.

    Do not change the files that are the same as in the last copy, so that make
    does not build them again.
    """
    copy = WORK / "src"
    copy.mkdir(exist_ok=True)
    run_tool(
        *("rsync", "-rlpc", "--delete", "--exclude=/build", "--exclude=.git"),
        # Do not copy the build directory, which may have any name.
        f"--exclude=/{os.path.relpath(results.build_dir(), PROJECT)}",
        *(f"{PROJECT}/", f"{copy}/"),
        env={},
    )
    for mutant in mutants:
        done, said = run_tool(
            "patch",
            "--batch",
            "--no-backup-if-mismatch",
            "--fuzz=0",
            "-p1",
            "-d",
            str(copy),
            "-i",
            str(mutant.path),
            env={},
        )
        if not done:
            die(
                f"{mutant.path} does not apply to the sources: make the patch again\n{said}"
            )
    return copy


def build(kernel: vm.Kernel, mutants: list[Mutant]) -> bool:
    """Build the modules with mutants in them; return true on success."""
    env = {
        "srctree": str(mutated_sources(mutants)),
        "O": str(WORK),
        # A mutant may leave a variable or function unused.
        "KCFLAGS": "-Wno-error",
    }
    done, said = run_tool(
        str(HERE / "modules"), "guest", str(kernel.path), env=env
    )
    (WORK / "build.log").write_text(said)
    return done


def write_guards(mutants: list[Mutant]) -> None:
    """Write a file with the guards of each mutant, for tools/guest/mutant."""
    directory = WORK / "guards"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    for mutant in mutants:
        lines = "".join(sorted(mutant.guards))
        (directory / mutant.name).write_text(lines)


def run_guests(
    kernel: vm.Kernel, mutants: list[Mutant], guests: int
) -> list[str]:
    """Run the guards of mutants in guests; return the document's lines."""
    run = WORK / "run"
    shutil.rmtree(run, ignore_errors=True)
    run.mkdir()
    job = run / "job"
    programs = results.build_dir() / "selftests"
    job.write_text(
        f"#!/bin/sh\nexec {HERE}/guest/mutant {programs} {WORK}/guards"
        ' "$@"\n'
    )
    job.chmod(0o755)
    accel, _ = vm.accelerator(kernel)
    document = Quiet(run, [mutant.name for mutant in mutants])
    starts = [
        vm.guest_start(kernel, accel, run, number, 2, True)
        for number in range(min(guests, len(mutants)))
    ]
    vm.boot(starts, accel, document, vm.LIMIT * kernel.slowness())
    return (run / "ktap").read_text().splitlines()


def judge(lines: list[str], mutants: list[Mutant]) -> list[Mutant]:
    """Set killed_by of each mutant that has a result in a KTAP document.

    Return the mutants that have none.
    """
    left = {mutant.name: mutant for mutant in mutants}
    failed = None
    for line in lines:
        result = RESULT.match(line)
        # Ignore other lines: a guest that a mutant has broken may print
        # anything.
        if result and result[2] in left:
            mutant = left.pop(result[2])
            mutant.killed_by = (
                (failed or result[3] or "a test")
                if result[1] == "not ok"
                else ""
            )
            failed = None
        elif not failed and (found := FAILED_TEST.match(line)):
            failed = found[1]
    return list(left.values())


def control(kernel: vm.Kernel, mutants: list[Mutant]) -> None:
    """Check that all guards pass if no patch is applied."""
    print("control round: without a defect, all tests must pass", flush=True)
    if not build(kernel, []):
        die(f"the modules do not build without a mutant: see {WORK}/build.log")
    write_guards(mutants)
    run_all(kernel, mutants, os.cpu_count() or 1)
    killed = [mutant for mutant in mutants if mutant.killed_by]
    if killed:
        die(
            f"the tests fail without a mutant: {killed[0].name} was killed by "
            f"{killed[0].killed_by}; see {WORK}/run/ktap"
        )


def do_round(kernel: vm.Kernel, mutants: list[Mutant]) -> None:
    """Judge mutants that share a build."""
    if not build(kernel, mutants):
        if len(mutants) == 1:
            mutants[0].killed_by = "build"
            said = (WORK / "build.log").read_text().splitlines()
            # Leave out the command that builds again, because the report has
            # the command that tests the mutant again.
            mutants[0].said = [line for line in said if "again:" not in line]
            return
        # At least one mutant breaks the build, so build each half alone.
        half = len(mutants) // 2
        do_round(kernel, mutants[:half])
        do_round(kernel, mutants[half:])
        return
    write_guards(mutants)
    run_all(kernel, mutants, os.cpu_count() or 1)
    # A guard may have to run concurrent tasks on two processors, which only
    # the first guest has.  So run the mutants that no guard killed again, in a
    # single guest.
    lives = [mutant for mutant in mutants if not mutant.killed_by]
    run_all(kernel, lives, 1)


def run_all(kernel: vm.Kernel, mutants: list[Mutant], guests: int) -> None:
    """Boot guests until each mutant has a result.

    A mutant may end its guest, and then other mutants have no result yet.
    """
    left = mutants
    while left:
        before = left
        left = judge(run_guests(kernel, left, guests), left)
        if len(left) == len(before):
            die(f"no guest wrote a result: see {WORK}/run/console.log")


def told(mutant: Mutant) -> Iterator[str]:
    """Yield the lines that report a mutant that was not killed as expected."""
    yield f"  at:       {near(mutant.path)}"
    yield f"  changes:  {', '.join(sorted(mutant.touched))}"
    if mutant.killed_by == "build":
        yield "  expected: it builds, and a test fails"
        yield from mutant.said
    elif mutant.killed_by:
        yield "  expected: the build fails"
        yield f"  seen:     it builds, and {mutant.killed_by} fails"
    else:
        yield f"  expected: a failure of {mutant.guarded_by}"
        yield "  seen:     all tests pass, although the defect is in the module"
    kernel = (
        "" if mutant.kernel == "stock-6.12" else f" KERNEL={mutant.kernel}"
    )
    yield f"  again:    make mutants ID={mutant.name}{kernel}"


def report(mutants: list[Mutant]) -> int:
    """Print the result of each mutant; return the exit status."""
    bad = 0
    for mutant in sorted(mutants, key=lambda mutant: mutant.name):
        broke_build = mutant.killed_by == "build"
        good = mutant.killed_by and broke_build == mutant.must_break_build
        bad += not good
        fate = f"killed by {mutant.killed_by}" if mutant.killed_by else LIVES
        if broke_build and not mutant.must_break_build:
            fate = "does not build"
        print(f"{'ok' if good else 'not ok'} {mutant.name}: {fate}")
        if not good:
            print("\n".join(told(mutant)))
    print(f"{len(mutants) - bad} passed, {bad} failed, 0 skipped")
    return 1 if bad or not mutants else 0


def chosen_mutants(kernel: vm.Kernel, names: list[str]) -> list[Mutant]:
    """Return the mutants with these names; by default, all of a kernel."""
    rows = errata.read_rows()
    paths = {
        path.stem: path
        for path in sorted(PROJECT.glob("selftests/*/mutants/*.patch"))
    }
    for name in names:
        if name not in paths:
            die(f"ID={name} has no mutant: use some of {' '.join(paths)}")
    for name in paths.keys() - rows.keys():
        die(f"{name}.patch has no row in Documentation/errata.tsv: add one")
    mutants = [Mutant(path, rows[name]) for name, path in paths.items()]
    return [
        mutant
        for mutant in mutants
        if (
            mutant.name in names
            if names
            else mutant.kernel == kernel.path.name
        )
    ]


def main() -> int:
    """Run the mutants that the arguments select."""
    parser = argparse.ArgumentParser(description="Reintroduce known defects.")
    parser.add_argument("kernel")
    parser.add_argument("ids", nargs="*", metavar="ID")
    args = parser.parse_args()
    kernel = vm.Kernel(args.kernel)
    mutants = chosen_mutants(kernel, args.ids)
    kernel.work = WORK / "vm" / kernel.path.name
    kernel.work.mkdir(parents=True, exist_ok=True)
    for mutant in mutants:
        mutant.guards = guards_of(kernel, mutant)
    control(kernel, mutants)
    rounds = rounds_of(mutants)
    for number, others in enumerate(rounds, 1):
        print(
            f"round {number} of {len(rounds)}: with defects, tests must fail",
            flush=True,
        )
        do_round(kernel, others)
    return report(mutants)


if __name__ == "__main__":
    sys.exit(main())
