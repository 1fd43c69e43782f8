#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Report - print the summary of runs: a table, the failures, the closing line

    rig/report.py RUN...          print the first failures of each run
    rig/report.py --all RUN...    print all failures
    rig/report.py --sums RUN...   print one row of the table for each run

It also writes the results as an HTML page: build/results/index.html or, for a
single run, index.html in the run's directory.
A run is a directory of results below build/results/.  A complaint is a bug
that a kernel reported in its log.  The report has each failure once.  First
come the complaints and the guests that ended early, each with the tests that
have no result because of it.  Then come the other failed tests.  Each report
has the command that repeats only this failure.
"""

import argparse
import itertools
import os
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

import diagnostics
import extras
import ktap
import page
import results
import splat
from first_error import PROJECT, near
from ktap import Names
from project import Config

# The numbers of failed tests and complaints of a run that are printed without
# --all.
MOST_TESTS = 10
MOST_COMPLAINTS = 3
# If no reason for an error is known, print this number of lines from the end
# of the log.
TAIL = 6
NAME = re.compile(r"(kselftest|kunit|soak|demo|bench)-(.+)")
PLACE = re.compile(r"^(\S+:\d+)(?::\d+)?: (?:fatal )?error: ", re.M)
STARTS = re.compile(r"#\s+RUN\s+(\S+) \.\.\.$")
# The architectures for which rig/kunit runs the suites.
ARCHITECTURES = re.findall(
    r"^\w+", (Path(__file__).parent / "architectures").read_text(), re.M
)
# The errors that a guest's end causes, and the errors about missing results.
CONSEQUENCE = re.compile(
    "kernel log: |the (guest|kernel|job) (ended|hung)|QEMU ended"
)
LACK = re.compile("no test ran|list of results .*are missing")
# A row of the table: the run, the area, how many tests passed, failed and were
# skipped, and the seconds.
Row = tuple[str, str, int, int, int, float | None]
# The headings of the page for the kinds of runs; other runs are on the host.
GROUPS = {
    "kselftest": "Modules, by kselftest",
    "kunit": "Parts, by KUnit",
    "demo": "Sessions",
    "soak": "Soak test",
    "bench": "Benchmark",
}
ITSELF = "the run itself"
# A line of a report with a label.
LABELLED = re.compile(r"  (\w[\w ]*):\s+(.*)")
FORM = "{:<24} {:<20} {:>6} {:>6} {:>7} {:>7}"


class Run:
    """A run's directory, and its results."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        found = NAME.fullmatch(path.name)
        self.kind, self.kernel = found.groups() if found else (path.name, "")
        self.meta = results.load_meta(path)
        self.is_lost = not (path / "run.json").exists()
        if self.is_lost:
            self.meta["errors"] = self.last_words() or self.meta["errors"]
        self.root = results.read(path)
        self.complaints = list(self.find_complaints())
        self.name_unended()
        self.unended = list(unended(self.root))

    def last_words(self) -> list[str]:
        """Return what a stage printed that ended without results.

        If the stage did not run because its kernel was not available, return
        what rig/kernel printed.
        """
        logs = results.build_dir() / "log"
        names = [name for name in (self.name, self.kernel) if name]
        found = [logs / f"{name}-said.log" for name in names]
        found = [path for path in found if path.exists()]
        if not found:
            return []
        # The log of an earlier run may still be there.
        newest = max(found, key=lambda path: path.stat().st_mtime_ns)
        text = newest.read_text(errors="replace")
        text = re.sub(r"^\[ *\d+ s\] .*\n", "", text, flags=re.M)
        return [text.strip()] if text.strip() else []

    def find_complaints(self) -> Iterator[tuple[Path, splat.Splat]]:
        """Yield the complaints in the kernels' logs, as (log, splat)."""
        logs = sorted(self.path.glob("console*.log"))
        if self.kernel.startswith("uml") or self.kernel in ARCHITECTURES:
            logs.append(self.path / "ktap")
        for log in logs:
            if log.exists():
                text = log.read_text(errors="replace")
                for found in splat.find(text, results.SPLAT.search):
                    yield log, found

    def name_unended(self) -> None:
        """Find the names of the programs that have no result line.

        The document has a program's name only in this line.  But before a
        program starts, its name is written to the kernel's log.
        """
        logs = self.path.glob("console*.log")
        last = [
            splat.last_program(log.read_text(errors="replace")) for log in logs
        ]
        begun = {names[0]: names[1] for names in last if names}
        for area in self.root.children:
            for program in area.children:
                if program.number is None and not program.name:
                    program.name = begun.get(area.name, "")

    def errors(self) -> list[str]:
        """Return the errors of the run that no complaint explains."""
        errors = self.meta["errors"]
        if self.complaints:
            errors = [text for text in errors if not CONSEQUENCE.match(text)]
        first = [text for text in errors if not LACK.match(text)]
        return first if first or self.complaints else errors[:1]

    def follows(self, test: ktap.Test) -> bool:
        """Return true if a test failed only because the run ended early.

        The report on the complaint or on the run's error names this test.
        """
        if not self.complaints and not self.meta["errors"]:
            return False
        return test.number is None or test.reason in self.meta["errors"]

    def failed(self) -> list[tuple[Names, ktap.Test]]:
        """Return (names, test) of the tests that failed by themselves."""
        return [
            (names, test)
            for names, test, status in results.all_outcomes(self.root)
            if status == "fail" and not self.follows(test)
        ]

    def rows(self) -> Iterator[Row]:
        """Yield the rows of the table for this run: one for each area.

        If complaints or errors are not counted in an area, a last row has
        them.
        """
        others = len(self.complaints) + len(self.errors())
        for area, found in results.areas(self.root):
            row = ktap.count(found)
            others -= sum(
                status == "fail" and self.follows(test)
                for _, test, status in found
            )
            yield self.name, area, *row, self.meta["seconds"].get(area)
        if others > 0:
            yield self.name, ITSELF, 0, others, 0, None

    def sums(self) -> Row:
        """Return the sums of the rows of the table for this run."""
        rows = list(self.rows())
        passed = sum(row[2] for row in rows)
        failed = sum(row[3] for row in rows)
        skipped = sum(row[4] for row in rows)
        took = self.meta["seconds"].get("all")
        return self.name, "all", passed, failed, skipped, took

    def again(self, names: Names = ()) -> str:
        """Return the command that repeats a test, or the whole run."""
        words = ["make", self.kind]
        if self.kind == "kselftest" and names:
            words.append(f"TARGETS={names[0]}")
            words += [f"TEST={'.'.join(names[1:3])}"] * (len(names) > 1)
        elif self.kind == "kunit" and names:
            words.append(f"SUITE={'.'.join(names[:2])}")
        elif self.kind == "demo" and names:
            words.append(f"TARGETS={names[-1]}")
        elif self.kind == "bench":
            words += [f"PAIRS={names[-1]}"] if len(names) > 1 else ["SHORT=1"]
        elif self.kind == "soak":
            for name in ("SEED", "LOADS", "TIME", "MODULE", "CPUS"):
                value = os.environ.get(name)
                words += [f"{name}={quoted(value)}"] if value else []
        elif self.kind in ("host", "rig"):
            words = ["make", "check"]
        elif self.kind.startswith("rig-"):
            words = ["make", "check-all"]
        return " ".join(words + self.kernel_words())

    def kernel_words(self) -> list[str]:
        """Return the make variable that selects the kernel, in a list.

        The list is empty if the kernel is the default.
        """
        usual = {"soak": "debug-6.12", "kunit": "uml"}
        if self.kernel in ("", usual.get(self.kind, "stock-6.12")):
            return []
        if self.kernel.startswith("uml-"):
            sources = results.build_dir().glob("kernels/latest-source/*")
            return [f"KSRC={near(max(sources, default=Path('DIR')))}"]
        if self.kind == "kunit" and self.kernel in ARCHITECTURES:
            return [f"ARCH={self.kernel}"]
        if os.environ.get("KDIR"):
            return [f"KDIR={os.environ['KDIR']}"]
        return [f"KERNEL={self.kernel}"]

    def place(self) -> tuple[str, str]:
        """Return the group of the page and the kernel that the run is of."""
        if self.kind in GROUPS:
            return GROUPS[self.kind], self.kernel
        return "On the host", "host"

    def objects(self) -> splat.Objects:
        """Return the modules that were built for the run's kernel."""
        return splat.Objects(results.build_dir() / "modules" / self.kernel)


def quoted(text: str) -> str:
    """Return a word of a command, in quotes if it contains a space."""
    return f'"{text}"' if " " in text else text


def unended(
    test: ktap.Test, names: Names = ()
) -> Iterator[tuple[Names, ktap.Test]]:
    """Yield (names, test) of each test without a result line.

    The innermost test comes last.
    """
    for child in test.children:
        if child.number is None:
            yield names + (child.label,), child
        yield from unended(child, names + (child.label,))


def line(label: str, text: str) -> str:
    """Return an indented line of a report, with a label before the text."""
    return f"  {label + ':' if label else '':<9} {text}"


def at_work(run: Run, program: Names) -> Names:
    """Return the names of the test that was running, or none if unknown."""
    for names, test in run.unended:
        starts = [
            found[1] for found in map(STARTS.search, test.diagnostics) if found
        ]
        if starts and names[:1] == program[:1]:
            return program + tuple(starts[-1:])
    return program


def counted(number: int, noun: str) -> str:
    """Return a number and a noun, in the plural unless the number is 1."""
    return f"{number} {noun}{'s' * (number != 1)}"


def not_run(run: Run, program: Names) -> list[str]:
    """Return how many tests, programs and areas have no result.

    They did not run, because the run ended early.
    """
    found = []
    for names, test in run.unended:
        lost = (test.plan or 0) - len(test.children) - 1
        if lost > 0 and program and names[:1] == program[:1]:
            found.append(f"{counted(lost, 'test')} of {program[-1]}")
    for area in run.root.children:
        lost = (area.plan or 0) - len(area.children)
        if lost > 0:
            found.append(f"{counted(lost, 'program')} of {area.label}")
    lost = (run.root.plan or 0) - len(run.root.children)
    return found + [counted(lost, "area")] * (lost > 0)


def how_it_ended(run: Run, program: Names, more: Path) -> Iterator[str]:
    """Yield the end of a report on a complaint or on a guest's early end."""
    names = at_work(run, program)
    if names:
        yield line("test", ".".join(names))
    lost = not_run(run, program)
    if lost:
        yield line("not run", ", ".join(lost))
    yield line("again", run.again(names))
    yield line("more", near(more))


def alike(run: Run) -> list[tuple[Path, splat.Splat, int]]:
    """Group the complaints that differ only in an address or in the task.

    Return for each group its first complaint, the log that has it, and the
    number of complaints: (log, complaint, number).
    """
    groups: dict[tuple[str, ...], list[tuple[Path, splat.Splat]]] = {}
    for log, found in run.complaints:
        screen = [
            text
            for label, text in found.screen(run.objects())
            if label != "task"
        ]
        key = (re.sub(r"0x[0-9a-f]+", "", found.kind), *screen)
        groups.setdefault(key, []).append((log, found))
    return [
        (group[0][0], group[0][1], len(group)) for group in groups.values()
    ]


def tell_complaint(
    run: Run, log: Path, found: splat.Splat, times: int
) -> Iterator[str]:
    """Yield the lines that report a complaint of a kernel."""
    yield f"{run.name}: {found.kind}"
    for label, text in found.screen(run.objects()):
        yield line(label, text)
    if times > 1:
        yield line("times", str(times))
    yield from how_it_ended(run, found.program, log)


def tail(path: Path) -> list[str]:
    """Return the last TAIL lines of a log."""
    if not path.exists():
        return []
    lines = path.read_text(errors="replace").splitlines()
    lines = [splat.STAMP.sub("", text).rstrip() for text in lines]
    # If QEMU was started several times, it printed the same line each time.
    lines = [text for text, _ in itertools.groupby(lines) if text]
    return lines[-TAIL:]


def tell_error(run: Run, error: str) -> Iterator[str]:
    """Yield the lines that report an error of the run itself."""
    first, *rest = error.splitlines()
    yield f"{run.name}: {first}"
    if rest:
        yield from rest
        return
    if not re.match("the (guest|kernel|job) |QEMU|no test", first):
        return
    logs = [run.path / "qemu.log", *run.path.glob("console*.log")]
    program: Names = ()
    for log in [log for log in logs if tail(log)] or [run.path / "ktap"]:
        program = program or splat.last_program(
            log.read_text(errors="replace")
        )
        for number, text in enumerate(tail(log)):
            yield line("" if number else "said", text)
    yield from how_it_ended(run, program, run.path)


def tell_tests(
    run: Run, failed: list[tuple[Names, ktap.Test]], most: int
) -> Iterator[str]:
    """Yield the lines that report failed tests."""
    total = sum(sum(row[2:5]) for row in run.rows())
    yield f"{run.name}: {len(failed)} of {total} tests failed"
    if run.kind != "host":
        yield line("again", run.again(common([names for names, _ in failed])))
    for names, test in failed[:most]:
        yield from diagnostics.failure(names, test)
    if len(failed) > most:
        yield (
            f"and {len(failed) - most} more: rig/report.py --all {run.name}"
        )


def common(all_names: list[Names]) -> Names:
    """Return the first names that are the same for all tests."""
    names = []
    for same in zip(*all_names):
        if len(set(same)) > 1:
            break
        names.append(same[0])
    return tuple(names)


def tell(run: Run, is_all: bool = False) -> Iterator[str]:
    """Yield the lines that report all failures of a run."""
    complaints = alike(run)
    shown = complaints if is_all else complaints[:MOST_COMPLAINTS]
    for log, found, times in shown:
        yield from tell_complaint(run, log, found, times)
    left = len(complaints) - len(shown)
    if left:
        yield f"and {left} more: rig/report.py --all {run.name}"
    for error in run.errors():
        yield from tell_error(run, error)
    failed = run.failed()
    if failed:
        yield from tell_tests(
            run, failed, len(failed) if is_all else MOST_TESTS
        )


def wrapped(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines wrapped to 80 columns; a command stays on one line."""
    for text in lines:
        indent = " " * (len(text) - len(text.lstrip(" ")) + 4)
        if len(text) <= 80 or text.startswith("  again:"):
            yield text
            continue
        yield from textwrap.wrap(
            text,
            80,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )


def complain(path: Path) -> None:
    """Print the failures of a run to stderr, without a summary."""
    for text in wrapped(tell(Run(path))):
        print(text, file=sys.stderr)


def grouped(runs: list[Run]) -> list[tuple[Run, list[Run]]]:
    """Group the runs that ended without results by the same error.

    Return for each group its first run, and a list of the others.
    """
    first: dict[str, list[Run]] = {}
    for run in runs:
        place = PLACE.search(run.meta["errors"][0]) if run.is_lost else None
        first.setdefault(place[1] if place else run.name, []).append(run)
    return [(run, others) for run, *others in first.values()]


def told_failure(run: Run, lines: Iterable[str]) -> page.Failure:
    """Return a failure for the page from the lines that report it."""
    first, *rest = lines
    labelled = [found for found in map(LABELLED.match, rest) if found]
    told: dict[str, str] = {}
    for found in labelled:
        told[found[1]] = found[2]
    log = [text for text in rest if not LABELLED.match(text)]
    return page.Failure(first, run.place()[1], list(told.items()), log)


def run_failures(run: Run) -> Iterator[page.Failure]:
    """Yield the failures of a run for the page."""
    for log, found, times in alike(run):
        lines = list(found.lines)
        failure = told_failure(run, tell_complaint(run, log, found, times))
        failure.log = lines
        yield failure
    for error in run.errors():
        yield told_failure(run, tell_error(run, error))
    failed = run.failed()
    logs = page.log_parts(run.path.glob("console*.log")) if failed else {}
    for names, test in failed:
        where, expected, seen = diagnostics.told(names, test)
        again = diagnostics.replays(test) or [run.again(names)]
        told = [("at", where), ("expected", expected), ("seen", seen)]
        yield page.Failure(
            ".".join(names),
            run.place()[1],
            [(label, text) for label, text in told if text]
            + [("again", command) for command in again],
            [*page.flush_left(test.diagnostics), *logs.get(names[:2], [])],
        )


def page_results(run: Run) -> Iterator[page.Result]:
    """Yield the results of a run for the page."""
    seconds = run.meta["seconds"]
    for area, found in results.areas(run.root):
        for names, test, status in found:
            yield page.Result(
                run.place()[0],
                area,
                run.place()[1],
                ".".join(names[1:] or names),
                status if status in ("fail", "skip") else "pass",
                test.why if status == "skip" else "",
                seconds.get(".".join(names)),
            )


def page_of(runs: list[Run]) -> page.Page:
    """Return the page of some runs."""
    title = runs[0].name if len(runs) == 1 else f"{len(runs)} runs"
    content = page.Page(f"modproof: {title}")
    for run in runs:
        group, kernel = run.place()
        for _, area, passed, failed, skipped, took in run.rows():
            key = group, area, kernel
            known = content.cells.get(key, page.Cell())
            more = page.Cell(passed, failed, skipped, took)
            content.cells[key] = page.counted([known, more])
        content.results += page_results(run)
        content.failures += run_failures(run)
    build = results.build_dir()
    content.more += extras.coverage(build)
    content.more += extras.plots(build)
    table = Config.read(PROJECT).defects
    if table:
        content.more += extras.defects(table, content.results)
    return content


def write_page(runs: list[Run]) -> Path:
    """Write the page of some runs; return its path."""
    path = results.build_dir() / "results"
    if len(runs) == 1:
        path = runs[0].path
    path.mkdir(parents=True, exist_ok=True)
    page.write(path / "index.html", page_of(runs))
    return path / "index.html"


def summary(
    paths: list[Path], is_all: bool = False, is_short: bool = False
) -> int:
    """Print the table, the failures, and the closing line.

    The table has a row for each area or, if @is_short, for each run.  Return
    the exit status.
    """
    runs = [Run(path) for path in paths]
    table = [row for run in runs for row in run.rows()]
    if is_short:
        table = [run.sums() for run in runs]
    print(
        "\n"
        + FORM.format("run", "area", "passed", "failed", "skipped", "seconds")
    )
    for *row, took in table:
        print(FORM.format(*row, "" if took is None else f"{took:.1f}"))
    for run, others in grouped(runs):
        for text in wrapped(tell(run, is_all)):
            print(text)
        if others:
            print(line("also", ", ".join(other.name for other in others)))
    try:
        print(f"page: {near(write_page(runs))}")
    except OSError as error:
        print(f"page: not written: {error}")
    passed = sum(row[2] for row in table)
    failed = sum(row[3] for row in table)
    skipped = sum(row[4] for row in table)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if passed and not failed else 1


def main() -> int:
    """Print the summary of the runs that the arguments name."""
    parser = argparse.ArgumentParser(description="Print what failed.")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--sums", action="store_true")
    parser.add_argument("runs", nargs="+")
    args = parser.parse_args()
    paths = [results.build_dir() / "results" / run for run in args.runs]
    return summary(paths, args.all, args.sums)


if __name__ == "__main__":
    sys.exit(main())
