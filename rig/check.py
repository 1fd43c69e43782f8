#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Check - build a project's modules, and prove each on several kernels

    rig/check.py DIR [--kernel NAME]... [--kernels debug]

rig/modproof runs this with the environment that the tools of the rig read.  For
each kernel it builds the modules, boots a guest and has rig/guest/prove load,
use and unload each.  A module that ends its guest fails; another guest does the
rest.  The exit status is 0 if all is well, 1 if something failed, 2 if there is
nothing to check, 3 if the rig failed, and 4 if no kernel could have a module.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import build
import common
import ktap
import results
import ring
import splat
import verdict
import vm
from common import die
from first_error import Tree
from guest_pool import Document, Guest, serve
from project import Project, find
from trial import Trial
from verdict import FAILED, NOT_FOR, OK, SKIPPED, Step, Tested

HERE = Path(__file__).resolve().parent
KERNELS = ("stock-6.1", "stock-6.12", "latest")
DEBUG_KERNELS = ("debug-6.12", "kcsan-6.12")
# How often a module is loaded again.
LOADS = 20
# The MiB that a run needs: two saved guests, and what is built.
SPACE = 250
# The seconds in which a build that cannot succeed often ends.
AT_ONCE = 0.3
EXIT_FAILED, EXIT_RIG, EXIT_NOTHING = 1, common.EXIT_RIG, 4
# The beginning of a diagnostic line of a KTAP document.
NOTE = re.compile(r"^\s*# ?")
# In what two reports of the same bug differ.
DIFFERING = re.compile(
    r"\bpid \d+|\b[0-9a-f]{12,16}\b|(?<=stuck for )\d+s! \[.*\]"
)
# The taints that the kernel gets with a report, which say no more: of a bad page
# or KASAN, an oops, a soft lockup and a warning.
TAINTS = re.compile(r"[BDLW]: [^;]*(; [BDLW]: [^;]*)*")
# How the load of a module ends that found no device of its own.
NO_DEVICE = re.compile(r"(ENODEV|ENXIO)\b")
# What a step that a guest did not end has as its reason.
GUEST_DIED = re.compile(r"the (guest|kernel|job) (ended|hung)|QEMU ended")


class RigError(Exception):
    """The rig failed, which says nothing about a module."""


class Quiet(Document):
    """A document that prints no progress.

    Its areas may be known only after a guest has booted: @later returns them.
    """

    def __init__(
        self,
        run: Path,
        areas: list[str],
        later: Callable[[], list[str]] | None = None,
    ) -> None:
        super().__init__(run, areas)
        self.later = later

    def next_area(self, front: bool) -> str | None:
        """Take the next area; wait until the areas are known."""
        if self.later:
            later, self.later = self.later, None
            self.begin(later())
        return super().next_area(front)

    def say(self, text: str) -> None:
        """Print nothing."""


def say(text: str) -> None:
    """Print a line of progress."""
    start = float(os.environ.get("MODPROOF_START") or time.time())
    print(f"[{time.time() - start:4.0f} s] {text}", flush=True)


def need_programs(*more: str) -> None:
    """Install the programs that build modules and boot guests, if they lack.

    @more are other purposes, as rig/install-deps names them.
    """
    done = subprocess.run(
        [HERE / "install-deps", "build", "guest", *more], check=False
    )
    if done.returncode:
        raise RigError("programs are missing: see above")


def need_packages(project: Project) -> None:
    """Exit if a package that the project's tests need is not installed."""
    for package in project.config.guest.packages:
        done = subprocess.run(
            ["dpkg-query", "-W", "-f", "${db:Status-Status}", package],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.stdout != "installed":
            raise RigError(
                f"{package} is not installed, which packages in modproof.toml "
                f'names: type "apt-get install {package}" as root'
            )


def get_kernel(name: str) -> vm.Kernel:
    """Fetch or build a kernel; a @name with a slash is that of a directory."""
    done = subprocess.run(
        [HERE / "kernel", "get", name],
        env=os.environ | ({"KDIR": name} if "/" in name else {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RigError(f"there is no kernel {name}: see above")
    return vm.Kernel(done.stdout.strip().splitlines()[-1])


def prover() -> Path:
    """Compile the program that proves a module in a guest; return its path."""
    sources = sorted((HERE / "guest/prove").glob("*.[ch]"))
    headers = (HERE / "guest/calls").glob("*.h")
    program = results.build_dir() / "prove"
    newest = max(path.stat().st_mtime for path in (*sources, *headers))
    if program.exists() and program.stat().st_mtime >= newest:
        return program
    done = subprocess.run(
        [
            *("gcc", "-O2", "-static", "-o", f"{program}.new"),
            *(source for source in sources if source.suffix == ".c"),
        ],
        check=False,
    )
    if done.returncode:
        raise RigError(f"gcc cannot compile {HERE / 'guest/prove'}: see above")
    os.rename(f"{program}.new", program)
    return program


def stage(
    kernel: vm.Kernel,
    modules: list[build.Module],
    more: Callable[[build.Module], list[str]] = lambda _: [],
) -> Path:
    """Lay the modules out for a guest; return the directory of the plans.

    @more returns more lines of a module's plan.
    """
    kernel.work.mkdir(parents=True, exist_ok=True)
    new = kernel.work / "new"
    plans = kernel.work / "plans"
    # Where rig/stage moves them.  A guest that booted earlier finds them there,
    # but may not find them in /run/ko.
    staged = kernel.work / "modules/updates"
    for directory in new, plans:
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
    own = {module.name: module for module in modules}
    for module in modules:
        subprocess.run(
            ["strip", "-g", "-o", new / module.path.name, module.path],
            check=True,
        )
        lines = plan(module, own, staged) + more(module)
        (plans / module.name).write_text("".join(lines))
    done = subprocess.run([HERE / "stage", kernel.path, new], check=False)
    if done.returncode:
        raise RigError("the modules cannot be laid out for a guest: see above")
    return plans


def needs(module: build.Module, own: dict[str, build.Module]) -> list[str]:
    """Return the project's modules that a module needs, in loading order.

    The modules in @own are in an order in which they can be loaded.
    """
    found: set[str] = set()
    left = [module]
    while left:
        next_one = left.pop()
        for name in {*next_one.softdeps, *next_one.depends} & own.keys():
            if name not in found and name != module.name:
                found.add(name)
                left.append(own[name])
    return [name for name in own if name in found]


def plan(
    module: build.Module, own: dict[str, build.Module], directory: Path
) -> list[str]:
    """Return the lines of a module's plan, as rig/guest/prove reads them.

    It reads the plans of the needed modules for the kernel's modules that these
    need.
    """
    lines = [f"file {directory / module.path.name}\n"]
    lines += [f"needs {name}\n" for name in needs(module, own)]
    for name in [*module.softdeps, *module.depends]:
        if name not in own:
            lines.append(f"modprobe {name}\n")
    if module.parameters:
        lines.append(f"parameters {module.parameters}\n")
    if module.use:
        lines.append(f"use {module.use}\n")
    loads = LOADS if module.loads is None else module.loads
    return lines + [f"loads {loads}\n"]


class Guests:
    """The guests that share the areas @names, at most @most at a time."""

    def __init__(
        self,
        kernel: vm.Kernel,
        run: Path,
        names: list[str],
        later: Callable[[], list[str]] | None = None,
        most: int | None = None,
        has_ring: bool = False,
    ) -> None:
        self.kernel = kernel
        self.run = run
        self.has_ring = has_ring
        self.accel, _ = vm.accelerator(kernel)
        self.document = Quiet(run, names, later)
        self.limit = vm.LIMIT * kernel.slowness()
        self.booted = 0
        self.most = most or os.cpu_count() or 1
        self.served: list[Guest] = []
        self.is_stopped = False

    def stop(self) -> None:
        """End the guests, because there is nothing for them to do."""
        self.is_stopped = True
        for guest in self.served:
            if guest.is_started:
                guest.kill()

    def new(self, front: bool) -> Guest:
        """Return one more guest."""
        number = self.booted
        self.booted += 1
        log = self.run / vm.console(number)
        path = ring_of(log)
        start = vm.guest_start(
            self.kernel, self.accel, self.run, number, 2 if front else 1, True
        )
        if self.has_ring:
            # The device is not in a snapshot.
            start = start.again()
            start.command += ring.options(path)
        return Guest(
            start.command,
            self.document,
            front=front,
            excuse=lambda: self.accel == "tcg" and vm.met_stale_int3(log),
            pulse=vm.pulse(self.run, number),
            handshake=start.handshake,
        )

    def serve(self) -> None:
        """Boot guests until each module has been proved."""
        in_vain = 0
        while not self.is_stopped and (
            self.document.left or self.document.later
        ):
            was_known = not self.document.later
            before = len(self.document.left)
            count = max(1, min(self.most, before))
            guests = [self.new(number == 0) for number in range(count)]
            self.served += guests
            serve(guests, self.limit)
            for guest in guests:
                if guest.is_excused:
                    self.document.forget(guest)
            if self.document.later or (
                was_known and len(self.document.left) == before
            ):
                in_vain += 1
            if in_vain == 2 and not self.is_stopped:
                raise RigError(
                    f"no guest came up with {self.kernel.path.name}: "
                    f"{guests[0].errors[0]}; see {self.run}"
                )


class Ahead:
    """A build that runs while a guest boots."""

    def __init__(
        self, project: Project, kernel: vm.Kernel, trial: Trial
    ) -> None:
        self.project = project
        self.kernel = kernel
        self.trial = trial
        self.built: build.Build | None = None
        self.error: BaseException | None = None
        self.guests: Guests | None = None
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self) -> None:
        """Build the modules and lay them out for the guest."""
        try:
            built = build_for(self.project, self.kernel)
            if built.status == build.OK:
                stage(self.kernel, built.staged(), self.lines)
            self.built = built
        except BaseException as error:  # also that of die()
            self.error = error
        if self.guests and not (self.built and self.built.modules):
            self.guests.stop()

    def lines(self, module: build.Module) -> list[str]:
        """Return the lines that a module's plan has for this trial."""
        return self.trial.lines(self.project, module)

    def result(self) -> build.Build:
        """Wait for the end of the build; return what came of it."""
        self.thread.join()
        if self.error:
            raise self.error
        assert self.built
        return self.built

    def names(self) -> list[str]:
        """Return the names of the modules, or none if there are none."""
        self.thread.join()
        return [m.name for m in self.built.modules] if self.built else []


def results_of(trial: Trial) -> Path:
    """Return the directory with the results of a verb."""
    all_results = results.build_dir() / "results"
    return all_results if trial.verb == "check" else all_results / trial.verb


def prove(
    project: Project, kernel: vm.Kernel, name: str, trial: Trial
) -> list[Tested]:
    """Build the modules, and prove them in guests; return what was found."""
    run = results_of(trial) / kernel.path.name
    results.fresh_run(run)
    job = run / "job"
    plans = kernel.work / "plans"
    verb = trial.verb if trial.has_ring else ""
    job.write_text(f'#!/bin/sh\nexec {prover()} {plans} "$1" {verb}\n')
    job.chmod(0o755)
    ahead = Ahead(project, kernel, trial)
    # A guest needs the directories that the first run makes.
    if not (kernel.work / "ko").is_dir():
        ahead.result()
    guests = ahead.guests = Guests(
        kernel, run, [], ahead.names, has_ring=trial.has_ring
    )
    # A build that fails at once needs no guest.
    ahead.thread.join(AT_ONCE)
    if ahead.thread.is_alive() or ahead.names():
        guests.serve()
    built = ahead.result()
    if built.status != build.OK:
        return [not_built(project, name, built, trial)]
    tested = proved(name, run, built.modules, guests.document.seconds, trial)
    add_splats(tested, project, kernel, run)
    return tested


def not_built(
    project: Project, kernel: str, built: build.Build, trial: Trial
) -> Tested:
    """Return what was found out if there is no module."""
    status = FAILED if built.status == build.FAILED else NOT_FOR
    lines = [line for line in built.lines if line != built.reason]
    step = Step("build", status, built.reason, lines)
    return Tested(
        kernel, project.name, [step], log=built.log, columns=trial.columns
    )


def proved(
    kernel: str,
    run: Path,
    modules: list[build.Module],
    seconds: dict[str, float],
    trial: Trial,
) -> list[Tested]:
    """Return what the guests of a run found out about the modules."""
    root = results.read(run)
    tested = []
    for module in modules:
        areas = [a for a in root.children if a.name == module.name]
        one = Tested(kernel, module.name, [Step("build")], log=run)
        one.columns = trial.columns
        one.seconds = seconds.get(module.name, 0)
        add_steps(one, areas[-1] if areas else ktap.Test())
        excuse(one, module.device)
        hint_at_parameters(one, module)
        tested.append(one)
    return tested


def is_ignored(project: Project, found: splat.Splat) -> bool:
    """Return true if the project knows this bug's first line, or its message."""
    return any(
        known.line.search(line)
        for known in project.config.ignore
        for line in (found.lines[0], found.message)
        if line
    )


def add_steps(one: Tested, area: ktap.Test) -> None:
    """Add the steps that a guest did; the one that it did not end failed."""
    found = {child.name: child for child in area.children}
    has_ended = True
    for name in one.columns[1:]:
        test = found.get(name)
        if test and test.number is not None:
            status = {"skip": SKIPPED, "fail": FAILED}.get(test.status, OK)
            lines = [NOTE.sub("", line) for line in test.diagnostics]
            one.steps.append(Step(name, status, test.reason, lines))
        elif has_ended:
            has_ended = False
            reason = area.reason or "the guest ended in this step"
            one.steps.append(Step(name, FAILED, reason))
        else:
            one.steps.append(Step(name, SKIPPED, "the guest has ended"))


def excuse(one: Tested, device: str) -> None:
    """Accept that a module does not load because the guest lacks a device."""
    load = one.step("load")
    if load.status != FAILED or not NO_DEVICE.match(load.reason):
        return
    if device:
        load.status = NOT_FOR
        load.reason = f"the guest lacks {device}"
    else:
        load.lines.append(
            "if it needs a device that no guest has, say so in modproof.toml: "
            f'device = "..." in [modules.{one.module}]'
        )


def hint_at_parameters(one: Tested, module: build.Module) -> None:
    """Say how to give a module parameters, if it may refuse to load without."""
    load = one.step("load")
    if not load.reason.startswith("EINVAL") or module.parameters:
        return
    names = vm.parameters(module.path)
    if names:
        load.lines.append(
            "if it needs parameters, say so in modproof.toml: "
            f'parameters = "{names[0]}=..." in [modules.{one.module}]'
        )


def screen(found: splat.Splat, objects: splat.Objects) -> list[str]:
    """Return the lines that say where and how a bug was reported."""
    return [
        f"{label + ':' if label else '':<9} {text}"
        for label, text in found.screen(objects)
    ]


def told_once(texts: list[list[str]]) -> Iterator[tuple[list[str], int]]:
    """Yield the texts of all reports, equal ones once, with their number.

    They may differ in addresses and in the task's PID.
    """
    equal: dict[str, list[list[str]]] = {}
    for text in texts:
        key = DIFFERING.sub("", "\n".join(text))
        equal.setdefault(key, []).append(text)
    for same in equal.values():
        yield same[0], len(same)


def explain_leaks(tested: list[Tested], objects: splat.Objects) -> None:
    """Replace what kmemleak printed by the places of the allocations."""
    for one in tested:
        leak = one.step("leak")
        found = splat.find("\n".join(leak.lines), results.SPLAT.search)
        texts = [[known.kind, *screen(known, objects)] for known in found]
        if leak.status == FAILED and texts:
            # The guest prints only some, and the reason has their number.
            leak.lines = [
                line for text, _ in told_once(texts) for line in text
            ]


def add_splats(
    tested: list[Tested], project: Project, kernel: vm.Kernel, run: Path
) -> None:
    """Add what the kernel's log complains of to the step in which it did."""
    by_name = {one.module: one for one in tested}
    texts: dict[tuple[str, str], list[list[str]]] = {}
    work = work_dir(kernel)
    objects = splat.Objects(work, Tree(project.root, work / "src"))
    explain_leaks(tested, objects)
    tasks: dict[str, str] = {}
    for log in sorted(run.glob("console*.log")):
        text = log.read_text(errors="replace")
        for found in splat.find(text, results.SPLAT.search):
            if is_ignored(project, found):
                continue
            if len(found.program) < 2 or found.program[0] not in by_name:
                raise RigError(
                    f"the kernel complains: {found.kind}; see {log}"
                )
            one = by_name[found.program[0]]
            step = one.step(found.program[1])
            if step.status == FAILED and GUEST_DIED.match(step.reason):
                step.reason = found.kind
            one.fail(step.name, found.kind)
            one.log = log
            texts.setdefault((one.module, step.name), []).append(
                [found.kind, *screen(found, objects)]
            )
            if ring.TASK.match(found.task() or ""):
                tasks.setdefault(one.module, found.task() or "")
            taint = one.step("taint")
            if taint.status == FAILED and TAINTS.fullmatch(taint.reason):
                taint.status, taint.reason = SKIPPED, "the report above"
    for (module, name), reports in texts.items():
        step = by_name[module].step(name)
        for lines, number in told_once(reports):
            step.lines += lines
            if number > 1:
                step.lines.append(f"the same {number} times in all")
    add_calls(by_name, tasks, run)


def ring_of(log: Path) -> Path:
    """Return the path of the ring of the guest with this console."""
    return log.with_name(log.name.replace("console", "ring")).with_suffix("")


def add_calls(
    tested: dict[str, Tested], tasks: dict[str, str], run: Path
) -> None:
    """Add the last calls of the tasks to each soak or fuzz that failed.

    @tasks has the task that the first report with one names, for each module.
    """
    for log in sorted(run.glob("console*.log")):
        found = ring.read(ring_of(log))
        one = tested.get(found.module) if found else None
        if not found or not one:
            continue
        step = one.step(one.columns[2])
        if step.status == FAILED:
            step.lines.append("the last calls, the newest at the end:")
            calls = found.last(tasks.get(one.module) or step.reason)
            step.lines += [f"  {call.told()}" for call in calls]


def machine(project: Project) -> vm.Machine:
    """Return what the project's guests have besides the usual.

    A warning must not end them, since the steps after it are worth seeing.
    """
    wanted = project.config.guest
    words = ["panic_on_warn=0", *wanted.words]
    if wanted.firmware:
        # A word of the command line cannot have a space, but the path may.
        link = results.build_dir() / "firmware"
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(wanted.firmware)
        words.append(f"firmware_class.path={link}")
    memory = wanted.memory or vm.Machine.memory
    return vm.Machine(memory, words, wanted.devices)


def need_space() -> None:
    """Raise an error if the disk has no space for a build and its guests."""
    out = results.build_dir()
    free = shutil.disk_usage(out).free >> 20
    if free < SPACE:
        raise RigError(
            f"a run needs {SPACE} MiB in {out}, and only {free} MiB are free: "
            "remove files from that disk, or name a directory on another one "
            "with MODPROOF_CACHE="
        )


def prepare(project: Project, name: str) -> vm.Kernel:
    """Return a kernel whose guests have what the project needs."""
    need_packages(project)
    need_space()
    kernel = get_kernel(name)
    if kernel.board.is_foreign():
        die(
            f"modproof proves a module by a program for this machine, and the "
            f"kernel {name} is for {kernel.board.name}: use stock-6.12, for "
            "example",
            2,
        )
    kernel.need_boot_symbols()
    kernel.machine = machine(project)
    return kernel


def work_dir(kernel: vm.Kernel) -> Path:
    """Return the directory in which the modules are built for a kernel."""
    return results.build_dir() / "modules" / kernel.path.name


def build_for(project: Project, kernel: vm.Kernel) -> build.Build:
    """Build the project's modules for a kernel."""
    work = work_dir(kernel)
    work.mkdir(parents=True, exist_ok=True)
    return build.build(project, kernel.path, work, os.cpu_count() or 1)


def check_on(
    project: Project, name: str, trial: Trial = Trial()
) -> list[Tested]:
    """Check the project on one kernel, or do what another trial does."""
    kernel = prepare(project, name)
    kernel.work.mkdir(parents=True, exist_ok=True)
    # A kernel of a directory has the name of its release.
    name = kernel.path.name if "/" in name else name
    say(f"{name}: building; what is built is loaded and used in a guest")
    return prove(project, kernel, name, trial)


def check_all(
    project: Project, names: Iterable[str], trial: Trial = Trial()
) -> int:
    """Check the project on these kernels; print the report.

    Return the exit status.
    """
    tested: list[Tested] = []
    broken = []
    for name in names:
        try:
            tested += check_on(project, name, trial)
        except RigError as error:
            broken.append(str(error))
        except SystemExit as error:
            # The tools of the rig end by die(), with a text or a status.
            if not isinstance(error.code, str):
                raise
            broken.append(error.code.removeprefix("modproof: "))
    return report(project, tested, broken, trial)


def need_all_programs() -> None:
    """Install the programs of a check, or exit."""
    try:
        need_programs()
    except RigError as error:
        die(f"the rig failed: {error}", EXIT_RIG)


def main() -> int:
    """Check the project in the directory in the arguments."""
    parser = argparse.ArgumentParser(prog="modproof check")
    parser.add_argument("directory", nargs="?", default=".")
    parser.add_argument("--kernel", action="append", default=[])
    parser.add_argument("--kernels", choices=["debug"])
    args = parser.parse_args()
    project = find(Path(args.directory))
    need_all_programs()
    names = args.kernel or project.config.kernels or KERNELS
    return check_all(
        project, (*names, *(DEBUG_KERNELS if args.kernels else ()))
    )


def report(
    project: Project,
    tested: list[Tested],
    broken: list[str],
    trial: Trial = Trial(),
) -> int:
    """Print and write the reports; return the exit status."""
    out = results_of(trial)
    out.mkdir(parents=True, exist_ok=True)
    print()
    if tested:
        title = f"{project.name}: modproof {trial.verb}"
        verdict.write(out, tested, title)
        print("\n".join(verdict.table(tested)))
        print("\n".join(verdict.failures(tested)))
        print(f"page: {out / 'index.html'}")
        print(f"results for programs: {out / 'junit.xml'}, ktap beside it")
    for text in broken:
        print(f"modproof: the rig failed: {text}", file=sys.stderr)
    passed, failed, skipped = verdict.counts(tested)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    if failed:
        return EXIT_FAILED
    if broken:
        return EXIT_RIG
    return EXIT_NOTHING if all(t.status == NOT_FOR for t in tested) else 0


if __name__ == "__main__":
    common.run(main)
