# SPDX-License-Identifier: GPL-2.0
"""Ran - what came of the test programs of a project, and its reports

A Ran is one program on one kernel, with its KTAP document as rig/ktap.py has
read it.  The reports are a table, the failures in full, a KTAP document, JUnit
XML and one HTML page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import diagnostics
import ktap
import ktap_writer
import page
import results

OK = "ok"
FAILED = "FAILED"
SKIPPED = "skip"
# The heading of the page for the programs.
GROUP = "Tests"
NOTE = re.compile(r"^ {0,4}(?:\s*# ?)?")
# A message of kselftest's harness: its place, the test, the text.
PLACE = re.compile(r"^(\s*# )([\w.-]+\.[ch]):(\d+):")
MESSAGE = re.compile(r"^\s*# \S+\.[ch]:\d+:\w*:(.+)")


@dataclass
class Ran:
    """A program on a kernel; @test has what it printed and how it ended."""

    kernel: str
    test: ktap.Test
    seconds: float = 0
    log: Path | None = None

    @property
    def name(self) -> str:
        """Return the program's name."""
        return self.test.label

    @property
    def outcomes(self) -> list[ktap.Outcome]:
        """Return what counts of the program, without its own name."""
        return list(ktap.outcomes(self.test))

    @property
    def status(self) -> str:
        """Return FAILED, SKIPPED if nothing but skips is there, or OK."""
        passed, failed, skipped = ktap.count(self.outcomes)
        if failed:
            return FAILED
        return SKIPPED if skipped and not passed else OK

    def fail(self, name: str, reason: str, lines: list[str]) -> None:
        """Add a failed test to those of the program."""
        children = self.test.children
        number = len(children) + 1
        children.append(
            ktap.Test(name, number, "fail", reason, [f"# {x}" for x in lines])
        )
        self.test.status = "fail"

    def set_place(self, directory: str) -> None:
        """Put the directory of its sources before their names."""

        def change(test: ktap.Test) -> None:
            test.diagnostics = [
                PLACE.sub(rf"\1{directory}/\2:\3:", line)
                for line in test.diagnostics
            ]
            for child in test.children:
                change(child)

        change(self.test)

    def told(self) -> str:
        """Return the numbers of its tests, or the only reason."""
        found = self.outcomes
        if len(found) == 1 and not found[0][0]:
            return why(self.test) if self.status == FAILED else self.test.why
        numbers = zip(ktap.count(found), ("passed", "failed", "skipped"))
        return ", ".join(
            f"{number} {what}" for number, what in numbers if number
        )


def why(test: ktap.Test) -> str:
    """Return the reason of a failure, or the last message before it."""
    said = [
        found[1] for found in map(MESSAGE.match, test.diagnostics) if found
    ]
    return test.why or (said[-1] if said else "not ok")


def table(ran: list[Ran]) -> Iterator[str]:
    """Yield the lines of the table: a line for each program and kernel."""
    wide = max([len("program"), *(len(one.name) for one in ran)])
    kernel = max([len("kernel"), *(len(one.kernel) for one in ran)])
    form = f"{{:<{wide}}}  {{:<{kernel}}}  {{:<6}}  {{:>7}}  {{}}"
    yield form.format("program", "kernel", "result", "seconds", "tests")
    for one in ran:
        seconds = f"{one.seconds:.1f}" if one.seconds else "-"
        cells = one.name, one.kernel, one.status, seconds, one.told()
        yield form.format(*cells).rstrip()


def said(test: ktap.Test) -> Iterator[str]:
    """Yield the lines of a test that are no results."""
    for line in test.diagnostics:
        yield f"  {NOTE.sub('', line)}".rstrip()


def failures(ran: list[Ran]) -> Iterator[str]:
    """Yield what failed, in full."""
    for one in ran:
        failed = [(n, t) for n, t, s in one.outcomes if s == "fail"]
        for names, test in failed:
            name = f", {'.'.join(names)}" if names else ""
            yield ""
            yield f"{one.name} on {one.kernel}{name}: {why(test)}"
            yield from said(test)
        # If the kernel has died, its last lines say where the program was.
        if failed and all(names for names, _ in failed):
            yield from said(one.test)
        if one.status == FAILED and one.log:
            yield f"  log:      {one.log}"


def tree(ran: list[Ran]) -> ktap.Test:
    """Return one document: kernel, program, test."""
    root = ktap.Test(status="pass")
    kernels: dict[str, ktap.Test] = {}
    for one in ran:
        group = kernels.setdefault(
            one.kernel, ktap.Test(one.kernel, 1, "pass")
        )
        group.children.append(one.test)
        if one.status == FAILED:
            group.status = "fail"
    root.children += kernels.values()
    return root


def write_tests(document: ktap_writer.Writer, tests: list[ktap.Test]) -> None:
    """Write tests with all that they contain."""
    for test in tests:
        if test.children:
            inner = document.begin(len(test.children), test.label)
            write_tests(inner, test.children)
        for line in test.diagnostics:
            document.comment(NOTE.sub("", line))
        reason = test.why
        if test.status in ("skip", "xfail", "xpass"):
            reason = f"{test.status.upper()} {reason}".rstrip()
        document.result(
            test.status != "fail" and not test.faults, test.label, reason
        )


def failure(
    one: Ran, names: ktap.Names, test: ktap.Test, log: list[str]
) -> page.Failure:
    """Return a failed test for the page; @log is the program's part."""
    where, expected, seen = diagnostics.told(names or (one.name,), test)
    told = [("at", where), ("expected", expected), ("seen", seen)]
    return page.Failure(
        ".".join((one.name, *names)),
        one.kernel,
        [(label, words) for label, words in told if words],
        [*page.flush_left(test.diagnostics), *log],
    )


def page_of(ran: list[Ran], title: str) -> page.Page:
    """Return the page of tests, in which each program is an area."""
    content = page.Page(title)
    for one in ran:
        key = GROUP, one.name, one.kernel
        known = content.cells.get(key, page.Cell())
        more = page.Cell(*ktap.count(one.outcomes), one.seconds or None)
        content.cells[key] = page.counted([known, more])
        run = one.log.parent if one.log and one.status == FAILED else None
        logs = page.log_parts(run.glob("console*.log")) if run else {}
        for names, test, status in one.outcomes:
            content.results.append(
                page.Result(
                    *key[:2],
                    one.kernel,
                    ".".join(names) or one.name,
                    status if status in ("fail", "skip") else "pass",
                    test.why if status == "skip" else "",
                )
            )
            if status == "fail":
                log = logs.get(("tests", one.name), [])
                content.failures.append(failure(one, names, test, log))
    return content


def write(where: Path, ran: list[Ran], title: str = "modproof test") -> None:
    """Write the reports to a directory."""
    where.mkdir(parents=True, exist_ok=True)
    root = tree(ran)
    with open(where / "ktap", "w", encoding="utf-8") as out:
        document = ktap_writer.Writer(out, len(root.children))
        write_tests(document, root.children)
    seconds: dict[str, float] = {}
    for one in ran:
        seconds[one.kernel] = seconds.get(one.kernel, 0) + one.seconds
    results.write_junit(where / "junit.xml", root, seconds, [])
    page.write(where / "index.html", page_of(ran, title))
