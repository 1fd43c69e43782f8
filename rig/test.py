#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Test - build a project's modules and tests, and run the tests in guests

    rig/test.py DIR [PATTERN] [--kernel NAME]...

rig/modproof runs this.  PATTERN is a glob over the names of the programs.  One
guest runs the programs in their order; if it dies, that program has failed, and
another guest runs those that are left.  The exit status is 0 if all is well, 1
if something failed, 2 if there is nothing to test, 3 if the rig failed, and 4 if
no kernel could have the modules.
"""

import argparse
import fnmatch
import os
import shlex
import subprocess
import sys
from pathlib import Path

import build
import check
import ktap
import project
import programs
import ran
import results
import splat
import vm
from check import RigError, say
from common import die
from first_error import Tree
from ran import Ran

KERNEL = "stock-6.12"
# The source of kselftest's harness and lib.mk.
SOURCE = "6.12"
HERE = Path(__file__).resolve().parent


def kernel_source() -> Path:
    """Fetch the kernel's source, and return its directory."""
    done = subprocess.run(
        [HERE / "kernel", "source", SOURCE],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RigError("there is no source of kselftest: see above")
    return Path(done.stdout.strip().splitlines()[-1])


def chosen(names: list[str], pattern: str) -> list[str]:
    """Return the programs that a pattern matches; exit if none does."""
    found = [
        name
        for name in names
        if fnmatch.fnmatchcase(name, pattern)
        or fnmatch.fnmatchcase(Path(name).name, pattern)
    ]
    if not found:
        die(
            f'no program matches "{pattern}": use one of {", ".join(names)}', 2
        )
    return found


class Run:
    """The tests of a project on one kernel."""

    def __init__(
        self,
        found: project.Project,
        tests: programs.Tests,
        pattern: str,
        name: str,
    ) -> None:
        self.project = found
        self.tests = tests
        self.pattern = pattern
        self.kernel = check.prepare(found, name)
        self.name = self.kernel.path.name
        self.run = results.build_dir() / "results/tests" / self.name
        self.work = check.work_dir(self.kernel)
        self.can_have = True

    def all(self) -> list[Ran]:
        """Build everything, run the programs, and return what came of it."""
        say(f"{self.name}: building")
        built = check.build_for(self.project, self.kernel)
        if built.status != build.OK:
            self.can_have = built.status == build.FAILED
            lines = [line for line in built.lines if line != built.reason]
            return [
                self.not_run("the modules", built.reason, lines, built.log)
            ]
        builder = None
        where, names = self.tests.directory, self.tests.programs
        if self.tests.areas:
            headers = (self.kernel.path / "headers").resolve()
            builder = programs.Builder(
                self.project, self.tests, self.work, kernel_source(), headers
            )
            try:
                where, names = builder.run()
            except build.Stopped as end:
                name = self.tests.directory.name
                return [self.not_run(name, end.reason, end.lines, builder.log)]
        names = chosen(names, self.pattern)
        self.say_lacking()
        check.stage(self.kernel, built.modules)
        say(f"{self.name}: running {' '.join(names)}")
        return self.judge(names, self.serve(where, names))

    def not_run(
        self, name: str, reason: str, lines: list[str], log: Path
    ) -> Ran:
        """Return the result of a build that has no programs to run."""
        status = "fail" if self.can_have else "skip"
        if not self.can_have:
            reason = f"not for this kernel: {reason}"
        test = ktap.Test(name, 1, status, reason, [f"# {x}" for x in lines])
        return Ran(self.name, test, log=log)

    def say_lacking(self) -> None:
        """Print which of the symbols that the tests need the kernel lacks."""
        symbols = self.kernel.symbols()
        lacking = [s for s in self.tests.symbols() if s not in symbols]
        if lacking:
            words = " ".join(f"CONFIG_{symbol}" for symbol in lacking)
            say(f"{self.name}: it lacks {words}, which the tests ask for")

    def serve(self, where: Path, names: list[str]) -> check.Guests:
        """Run the programs below a directory in guests."""
        results.fresh_run(self.run)
        job = self.run / "job"
        command = shlex.join([str(HERE / "guest/program"), str(where)])
        job.write_text(f'#!/bin/sh\nexec {command} "$1"\n')
        job.chmod(0o755)
        # A program may need what the one before it has left.
        guests = check.Guests(self.kernel, self.run, names, most=1)
        guests.limit += self.tests.timeout() * self.kernel.slowness()
        guests.serve()
        return guests

    def judge(self, names: list[str], guests: check.Guests) -> list[Ran]:
        """Return the results of the programs, in their order."""
        children = {
            test.name: test for test in results.read(self.run).children
        }
        seconds = guests.document.seconds
        found = []
        for number, name in enumerate(names, 1):
            test = children.get(name) or ktap.Test(
                name, reason="it did not run"
            )
            test.number = number
            one = Ran(self.name, test, seconds.get(name, 0), self.run / "ktap")
            place = self.tests.place(name).relative_to(self.project.root)
            one.set_place(str(place))
            found.append(one)
        found += self.ends(guests)
        self.add_splats(found)
        return found

    def ends(self, guests: check.Guests) -> list[Ran]:
        """Return the errors of guests that no program was running in."""
        return [
            self.loose("the guest", guest.errors[0], [], self.run)
            for guest in guests.served
            if guest.errors and guest.has_begun
            if not guest.area and not guest.is_excused
        ]

    def loose(
        self, name: str, reason: str, lines: list[str], log: Path
    ) -> Ran:
        """Return a failure that belongs to no program."""
        test = ktap.Test(name, 1, "fail", reason, [f"# {x}" for x in lines])
        return Ran(self.name, test, log=log)

    def add_splats(self, found: list[Ran]) -> None:
        """Add what the kernel's log complains of to the program that ran."""
        by_name = {one.name: one for one in found}
        objects = splat.Objects(
            self.work, Tree(self.project.root, self.work / "src")
        )
        for log in sorted(self.run.glob("console*.log")):
            text = log.read_text(errors="replace")
            for bug in splat.find(text, results.SPLAT.search):
                if check.is_ignored(self.project, bug.lines[0]):
                    continue
                lines = check.screen(bug, objects)
                one = by_name.get(bug.program[1]) if bug.program else None
                if bug.is_leak:
                    found.append(self.loose("memory", bug.kind, lines, log))
                elif one:
                    one.fail("kernel-log", bug.kind, lines)
                    one.log = log
                else:
                    raise RigError(
                        f"the kernel complains: {bug.kind}; see {log}"
                    )


def report(
    found: list[Ran], broken: list[str], can_have: bool, where: Path
) -> int:
    """Print and write the reports; return the exit status."""
    print()
    if found:
        ran.write(where, found)
        print("\n".join(ran.table(found)))
        print("\n".join(ran.failures(found)))
        print(f"report: {where / 'junit.xml'}, ktap beside it")
    for text in broken:
        print(f"modproof: the rig failed: {text}", file=sys.stderr)
    outcomes = [outcome for one in found for outcome in one.outcomes]
    passed, failed, skipped = ktap.count(outcomes)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    if failed:
        return check.EXIT_FAILED
    if broken:
        return check.EXIT_RIG
    return 0 if can_have else check.EXIT_NOTHING


def main() -> int:
    """Run the tests of the project in the arguments."""
    parser = argparse.ArgumentParser(prog="modproof test")
    parser.add_argument("directory")
    parser.add_argument("pattern", nargs="?", default="*")
    parser.add_argument("--kernel", action="append", default=[])
    args = parser.parse_args()
    directory = Path(args.directory)
    module = project.find(directory)
    tests = programs.need(directory.resolve(), module.config.tests)
    if not tests.areas:
        chosen(tests.programs, args.pattern)
    found: list[Ran] = []
    broken = []
    can_have = []
    try:
        check.need_programs()
    except RigError as error:
        die(f"the rig failed: {error}", check.EXIT_RIG)
    for name in args.kernel or module.config.kernels or [KERNEL]:
        try:
            run = Run(module, tests, args.pattern, name)
            found += run.all()
            can_have.append(run.can_have)
        except RigError as error:
            broken.append(str(error))
    where = results.build_dir() / "results/tests"
    return report(found, broken, any(can_have), where)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        die("interrupted")
