# SPDX-License-Identifier: GPL-2.0
"""Verdict - what was found out about modules on kernels, and its reports

A Tested is one module on one kernel, with a Step for each thing that was tried.
The reports are a table, the failures in full, a KTAP document, JUnit XML and one
HTML page, which rig/page.py writes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import ktap
import ktap_writer
import page
import results

# The steps of a check in their order: build is the host's, the others are those
# of rig/guest/prove.
STEPS = (
    *("build", "load", "use", "taint", "unload"),
    *("left", "reload", "leak"),
)
# What a check expects of each step.
EXPECTED = {
    "build": "the module builds",
    "load": "the module loads",
    "use": "its files can be opened, read and polled",
    "taint": "the kernel gets no taint",
    "unload": "the module unloads",
    "left": "nothing is left, and nothing else is gone",
    "reload": "the module loads and unloads again and again",
    "leak": "all memory is freed",
}
# The heading of the page for the modules.
GROUP = "Modules"
# A place in a source, at the beginning of a line of a report.
PLACE = re.compile(r"(?:at: +)?([\w./+-]+\.[chS]:\d+)")
OK = "ok"
FAILED = "FAILED"
SKIPPED = "skip"
# The module or the kernel is not one for the other.
NOT_FOR = "not for"


@dataclass
class Step:
    """One thing that was tried: its status, and the reason for it."""

    name: str
    status: str = OK
    reason: str = ""
    lines: list[str] = field(default_factory=list)


@dataclass
class Tested:
    """A module on a kernel; @module is the project's name if none was built.

    @columns are the names of all steps that its verb has.
    """

    kernel: str
    module: str
    steps: list[Step] = field(default_factory=list)
    seconds: float = 0
    log: Path | None = None
    columns: tuple[str, ...] = STEPS

    def step(self, name: str) -> Step:
        """Return the step of this name; add it as skipped if there is none."""
        for step in self.steps:
            if step.name == name:
                return step
        self.steps.append(Step(name, SKIPPED))
        return self.steps[-1]

    def fail(self, name: str, reason: str, lines: Iterable[str] = ()) -> None:
        """Mark a step as failed; the first reason of a step is kept."""
        step = self.step(name)
        if step.status != FAILED:
            step.status = FAILED
            step.reason = reason
        step.lines += lines

    @property
    def status(self) -> str:
        """Return the worst status: FAILED, NOT_FOR or OK."""
        found = {step.status for step in self.steps}
        return next((s for s in (FAILED, NOT_FOR) if s in found), OK)

    @property
    def reason(self) -> str:
        """Return the first reason of that status."""
        for step in self.steps:
            if step.status == self.status != OK:
                return step.reason
        return ""

    def cells(self) -> list[str]:
        """Return the texts for the table's columns, one for each step."""
        found = {step.name: step.status for step in self.steps}
        return [
            "-" if found.get(s) in (None, SKIPPED) else found[s]
            for s in self.columns
        ]


def table(tested: list[Tested]) -> Iterator[str]:
    """Yield the lines of the table: a line for each module and kernel."""
    wide = max([len("module"), *(len(one.module) for one in tested)])
    kernel = max([len("kernel"), *(len(one.kernel) for one in tested)])
    columns = tested[0].columns
    form = f"{{:<{wide}}}  {{:<{kernel}}}" + "  {:<7}" * len(columns)
    yield form.format("module", "kernel", *columns).rstrip()
    for one in tested:
        cells = one.cells()
        if one.status == NOT_FOR:
            text = f"not for this kernel: {one.reason}"
            yield f"{one.module:<{wide}}  {one.kernel:<{kernel}}  {text}"
            continue
        yield form.format(one.module, one.kernel, *cells).rstrip()


def failures(tested: list[Tested]) -> Iterator[str]:
    """Yield what failed, in full."""
    for one in tested:
        for step in one.steps:
            if step.status != FAILED:
                continue
            yield ""
            yield f"{one.module} on {one.kernel}, {step.name}: {step.reason}"
            for line in step.lines:
                yield f"  {line}"
        if one.status == FAILED and one.log:
            yield f"  log:      {one.log}"


def counts(tested: list[Tested]) -> tuple[int, int, int]:
    """Return the numbers of steps that passed, failed and were skipped."""
    steps = [step.status for one in tested for step in one.steps]
    passed, failed = steps.count(OK), steps.count(FAILED)
    return passed, failed, len(steps) - passed - failed


def write_ktap(path: Path, tested: list[Tested]) -> None:
    """Write the KTAP document: kernel, module, step."""
    kernels = list(dict.fromkeys(one.kernel for one in tested))
    with open(path, "w", encoding="utf-8") as out:
        document = ktap_writer.Writer(out, len(kernels))
        for kernel in kernels:
            ours = [one for one in tested if one.kernel == kernel]
            modules = document.begin(len(ours), kernel)
            for one in ours:
                write_module(modules, one)
            document.result(modules.is_good, kernel)


def write_module(modules: ktap_writer.Writer, one: Tested) -> None:
    """Write the results of one module on one kernel."""
    steps = modules.begin(len(one.steps), one.module)
    for step in one.steps:
        for line in step.lines:
            steps.comment(line)
        reason = step.reason
        if step.status in (SKIPPED, NOT_FOR):
            reason = f"SKIP {reason or 'not reached'}"
        steps.result(step.status != FAILED, step.name, reason)
    modules.result(one.status != FAILED, one.module)


def failure(one: Tested, step: Step) -> page.Failure:
    """Return a step that failed for the page, with its part of the log."""
    told = [
        (
            "at",
            next(filter(None, map(place_in, (step.reason, *step.lines))), ""),
        ),
        ("expected", EXPECTED.get(step.name, "")),
        ("seen", step.reason),
    ]
    lines = list(step.lines)
    if one.log and step.name != "build":
        logs = one.log.glob("console*.log") if one.log.is_dir() else [one.log]
        lines += page.log_parts(logs).get((one.module, step.name), [])
    return page.Failure(f"{one.module}: {step.name}", one.kernel, told, lines)


def place_in(line: str) -> str:
    """Return the FILE:LINE at the beginning of a line of a report, or ""."""
    found = PLACE.match(line)
    return found[1] if found else ""


def page_of(tested: list[Tested], title: str) -> page.Page:
    """Return the page of a check, in which each module is an area."""
    content = page.Page(title)
    for one in tested:
        key = GROUP, one.module, one.kernel
        cell = page.Cell(*counts([one]), one.seconds or None)
        if one.status == NOT_FOR:
            cell.note = "not for this kernel"
        failed = [step for step in one.steps if step.status == FAILED]
        if failed:
            cell.note = f"{', '.join(step.name for step in failed)} FAILED"
        content.cells[key] = cell
        content.failures += [failure(one, step) for step in failed]
        content.results += [
            page.Result(
                GROUP,
                one.module,
                one.kernel,
                step.name,
                {OK: "pass", FAILED: "fail"}.get(step.status, "skip"),
                "" if step.status in (OK, FAILED) else step.reason,
            )
            for step in one.steps
        ]
    return content


def write(run: Path, tested: list[Tested], title: str) -> None:
    """Write all reports to the directory @run."""
    write_ktap(run / "ktap", tested)
    seconds: dict[str, float] = {}
    for one in tested:
        seconds[one.kernel] = seconds.get(one.kernel, 0) + one.seconds
    results.write_junit(
        run / "junit.xml", ktap.read_file(run / "ktap"), seconds, []
    )
    page.write(run / "index.html", page_of(tested, title))
