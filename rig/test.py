#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Test - build a project's modules and tests, and run the tests in guests

    rig/test.py DIR [PATTERN] [--kernel NAME]...

rig/modproof runs this.  PATTERN is a glob over the names of the KUnit suites and
the programs.  The suites run under UML, which --kernel names "uml".  On another
kernel, one guest runs the suites, as modules, and then the programs in their
order; if it dies, what ran there has failed, and another guest runs the rest.  The
exit status is 0 if all is well, 1
if something failed, 2 if there is nothing to test, 3 if the rig failed, and 4 if
no kernel could have the modules.
"""

import argparse
import fnmatch
import os
import shlex
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import build
import check
import common
import fragment
import ktap
import project
import programs
import ran
import results
import splat
import suites
from check import RigError, say
from common import die
from first_error import Tree
from ran import Ran

KERNEL = "stock-6.12"
# The name for User Mode Linux, which runs KUnit suites on this machine.
UML = "uml"
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


def chosen(names: Iterable[str], pattern: str) -> list[str]:
    """Return the programs and suites that a pattern matches.

    Under UML, a pattern like "suite.case" selects cases as well.
    """
    return [
        name
        for name in names
        if fnmatch.fnmatchcase(name, pattern)
        or fnmatch.fnmatchcase(Path(name).name, pattern)
        or fnmatch.fnmatchcase(name, pattern.split(".")[0])
    ]


def need_chosen(names: list[str], pattern: str) -> None:
    """Exit if a pattern matches no name."""
    if not chosen(names, pattern):
        die(
            f'no program matches "{pattern}": use one of {", ".join(names)}', 2
        )


class Run:
    """The tests of a project on one kernel."""

    def __init__(
        self,
        found: project.Project,
        tests: programs.Tests,
        known: suites.Suites,
        pattern: str,
        name: str,
    ) -> None:
        self.project = found
        self.known = known
        self.tests = tests
        self.pattern = pattern
        self.kernel = check.prepare(found, name)
        self.name = self.kernel.path.name
        self.run = results.build_dir() / "results/tests" / self.name
        self.work = check.work_dir(self.kernel)
        self.can_have = True
        # The module of each suite that the kernel can have.
        self.suites: dict[str, str] = {}

    def all(self) -> list[Ran]:
        """Build everything, run the programs, and return what came of it."""
        say(f"{self.name}: building")
        built = check.build_for(self.project, self.kernel)
        if built.status != build.OK:
            self.can_have = built.status == build.FAILED
            return [
                self.not_run(
                    "the modules", built.reason, built.lines, built.log
                )
            ]
        found, modules = self.build_suites(built.modules)
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
                return [
                    *found,
                    self.not_run(name, end.reason, end.lines, builder.log),
                ]
        if not found:
            need_chosen(
                [*(self.suites or self.known.names()), *names], self.pattern
            )
        names = chosen([*self.suites, *names], self.pattern)
        if not names:
            return found
        self.say_lacking()
        check.stage(self.kernel, [*built.staged(), *modules])
        say(f"{self.name}: running {' '.join(names)}")
        return found + self.judge(names, self.serve(where, names))

    def build_suites(
        self, own: list[build.Module]
    ) -> tuple[list[Ran], list[build.Module]]:
        """Build the KUnit suites; return why not, and their modules."""
        if not self.known:
            self.suites = suites.modules_of(own)
            return [], []
        if self.known.names() and not chosen(self.known.names(), self.pattern):
            return [], []
        work = self.work / "kunit"
        builder = suites.Builder(
            self.project, self.known, self.kernel.path, work, own
        )
        built = builder.build_alone()
        if built.status == build.OK:
            try:
                self.suites = suites.modules_of([*own, *built.modules])
            except build.Stopped as end:
                built.status, built.reason, built.lines = (
                    end.status,
                    str(end),
                    [],
                )
        if built.status == build.OK:
            return [], [
                m for m in built.modules if m.name not in names_of(own)
            ]
        is_skip = built.status == build.NOT_FOR_THIS_KERNEL
        why = self.not_run(
            "KUnit", built.reason, built.lines, built.log, is_skip
        )
        return [why], []

    def not_run(
        self,
        name: str,
        reason: str,
        lines: list[str],
        log: Path,
        is_skip: bool = False,
    ) -> Ran:
        """Return the result of a build that has no programs to run."""
        is_skip = is_skip or not self.can_have
        status = "skip" if is_skip else "fail"
        lines = [line for line in lines if line != reason]
        if is_skip:
            reason = f"not for this kernel: {reason}"
        test = ktap.Test(name, 1, status, reason, [f"# {x}" for x in lines])
        return Ran(self.name, test, log=log)

    def say_lacking(self) -> None:
        """Print which of the symbols that the tests need the kernel lacks."""
        known = self.kernel.symbols()
        known |= fragment.own_symbols(self.project.root)
        lacking = [s for s in self.tests.symbols() if s not in known]
        if lacking:
            words = build.listed([f"CONFIG_{symbol}" for symbol in lacking])
            say(f"{self.name}: it lacks {words}, which the tests ask for")

    def serve(self, where: Path, names: list[str]) -> check.Guests:
        """Run the programs below a directory in guests."""
        results.fresh_run(self.run)
        job = self.run / "job"
        lines = ["#!/bin/sh", "case $1 in"]
        for suite, module in self.suites.items():
            command = shlex.join([str(HERE / "guest/kunit"), module])
            lines.append(f'{suite}) exec {command} "$1" ;;')
        command = shlex.join([str(HERE / "guest/program"), str(where)])
        lines += ["esac", f'exec {command} "$1"', ""]
        job.write_text("\n".join(lines))
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
            if name in self.suites:
                suites.set_places(test, self.known.tree)
            else:
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
                if check.is_ignored(self.project, bug):
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


def names_of(modules: list[build.Module]) -> set[str]:
    """Return the names of modules."""
    return {module.name for module in modules}


def on_uml(
    found: project.Project, known: suites.Suites, pattern: str
) -> list[Ran]:
    """Run the project's suites under UML; return what came of it."""
    say(f"{UML}: building, and running the suites")
    run, said = suites.run_uml(found, pattern, kernel_source())
    log = run / "ktap"
    lines = [line.removeprefix("modproof: ") for line in said.splitlines()]
    tests = results.read(run).children if log.exists() else []
    if not tests:
        reason = lines[0] if lines else "no suite ran"
        text = [f"# {line}" for line in lines[1:]]
        tests = [ktap.Test("KUnit", 1, "fail", reason, text)]
    for test in tests:
        suites.set_places(test, known.tree)
    seconds = results.load_meta(run)["seconds"].get("all", 0)
    return [
        Ran(UML, test, seconds / len(tests), log if log.exists() else None)
        for test in tests
    ]


def report(
    found: list[Ran], broken: list[str], can_have: bool, where: Path
) -> int:
    """Print and write the reports; return the exit status."""
    print()
    if found:
        ran.write(where, found)
        print("\n".join(ran.table(found)))
        print("\n".join(ran.failures(found)))
        print(f"page: {where / 'index.html'}")
        print(f"results for programs: {where / 'junit.xml'}, ktap beside it")
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


def kernels(
    config: project.Config,
    tests: programs.Tests,
    known: suites.Suites,
    pattern: str,
) -> list[str]:
    """Return the kernels that are used if the user names none."""
    # The sources may not spell out the names of the suites.
    has_chosen = not known.names() or chosen(known.names(), pattern)
    names = [UML] if known and has_chosen else []
    return names + (config.kernels or ([KERNEL] if tests else []))


def main() -> int:
    """Run the tests of the project in the arguments."""
    parser = argparse.ArgumentParser(prog="modproof test")
    parser.add_argument("directory")
    parser.add_argument("pattern", nargs="?", default="*")
    parser.add_argument("--kernel", action="append", default=[])
    args = parser.parse_args()
    directory = Path(args.directory)
    module = project.find(directory)
    known = suites.find(module.root, module.config)
    tests = programs.need(
        directory.resolve(), module.config.tests, bool(known)
    )
    tests.select(args.pattern)
    if not tests.areas or args.kernel == [UML]:
        need_chosen([*known.names(), *tests.programs], args.pattern)
    found: list[Ran] = []
    broken = []
    can_have = []
    try:
        check.need_programs()
    except RigError as error:
        die(f"the rig failed: {error}", check.EXIT_RIG)
    for name in args.kernel or kernels(
        module.config, tests, known, args.pattern
    ):
        try:
            if name == UML:
                found += on_uml(module, known, args.pattern)
                can_have.append(True)
                continue
            run = Run(module, tests, known, args.pattern, name)
            found += run.all()
            can_have.append(run.can_have)
        except RigError as error:
            broken.append(str(error))
    where = results.build_dir() / "results/tests"
    return report(found, broken, any(can_have), where)


if __name__ == "__main__":
    common.run(main)
