# SPDX-License-Identifier: GPL-2.0
"""Page - write the results of runs as one HTML page, which needs no other file

A Page has results from one or more runs.  rig/report.py fills it for the runs
of make, rig/verdict.py for modproof check, and rig/ran.py for modproof test.
The page loads nothing, and all text that tests and kernels print is escaped.
Without JavaScript the page has the same content, and no search.
"""

import base64
import hashlib
import html
import textwrap
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import results
import splat

TEMPLATES = Path(__file__).resolve().parent / "templates"
# The most failures that a page has, and the most lines of a log for each.
MOST_FAILURES = 400
MOST_LINES = 60
# The logs are folded if there are more failures.
MOST_OPEN = 5
WIDEST = 400
SLOWEST = 20
# The words for the statuses of a result.
WORDS = {"pass": "ok", "fail": "FAILED", "skip": "skip"}
# The rules for the browser: nothing is loaded, and no script runs but ours.
POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "script-src 'sha256-{}'"
)


@dataclass
class Cell:
    """The numbers of an area on one kernel; @note replaces them, if set."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float | None = None
    note: str = ""


@dataclass
class Result:
    """A test's result on one kernel; @status is "pass", "fail" or "skip"."""

    group: str
    area: str
    kernel: str
    name: str
    status: str
    why: str = ""
    seconds: float | None = None


@dataclass
class Failure:
    """A failure: @told are labels and texts, such as ("seen", "-16")."""

    title: str
    kernel: str
    told: list[tuple[str, str]]
    log: list[str] = field(default_factory=list)


@dataclass
class Page:
    """The content of a page.

    @cells has the numbers of each (group, area, kernel), where a group is a
    kind of tests.  @more has a heading and HTML for each further section.
    """

    title: str
    cells: dict[tuple[str, str, str], Cell] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    more: list[tuple[str, str]] = field(default_factory=list)


def text(words: object) -> str:
    """Return text for HTML, from text of any origin."""
    return html.escape(results.printable(str(words)))


def cut(lines: list[str], most: int = MOST_LINES) -> list[str]:
    """Return @lines, without those in the middle if there are many."""
    lines = [
        line if len(line) <= WIDEST else f"{line[:WIDEST]}..."
        for line in lines
    ]
    if len(lines) <= most:
        return lines
    half = most // 2
    left = f"... {len(lines) - 2 * half} lines are left out ..."
    return [*lines[:half], left, *lines[-half:]]


def flush_left(lines: list[str]) -> list[str]:
    """Return @lines without the indentation that they share."""
    return textwrap.dedent("\n".join(lines)).splitlines()


def log_parts(logs: Iterable[Path]) -> dict[tuple[str, ...], list[str]]:
    """Split kernels' logs; return the lines of each program by its names."""
    parts: dict[tuple[str, ...], list[str]] = {}
    for log in logs:
        lines: list[str] = []
        for line in log.read_text(errors="replace").splitlines():
            begins = splat.BEGINS.match(splat.STAMP.sub("", line))
            if begins:
                lines = parts.setdefault(begins.groups(), [])
            lines.append(line)
    return parts


def counted(cells: Iterable[Cell]) -> Cell:
    """Return the sum of cells."""
    total = Cell()
    for cell in cells:
        total.passed += cell.passed
        total.failed += cell.failed
        total.skipped += cell.skipped
        if cell.seconds is not None:
            total.seconds = (total.seconds or 0) + cell.seconds
    return total


def status_of(cell: Cell) -> str:
    """Return the status of a cell."""
    if cell.failed:
        return "fail"
    return "pass" if cell.passed or not cell.skipped else "skip"


def numbers(cell: Cell) -> str:
    """Return the text of a cell of the matrix."""
    if cell.note:
        return text(cell.note)
    if cell.failed:
        total = cell.passed + cell.failed + cell.skipped
        of = f" of {total:,}" if total > cell.failed else ""
        return f"<b>{cell.failed:,} failed</b>{of}"
    if not cell.passed:
        return f"{cell.skipped:,} skipped"
    more = f" <small>+{cell.skipped:,} skipped</small>" if cell.skipped else ""
    return f"{cell.passed:,} ok{more}"


def unique(words: Iterable[str]) -> list[str]:
    """Return words in their order, each once."""
    return list(dict.fromkeys(words))


def groups(page: Page) -> list[str]:
    """Return the names of the groups."""
    return unique(group for group, _, _ in page.cells)


def in_group(page: Page, wanted: str) -> tuple[list[str], list[str]]:
    """Return the areas and the kernels of a group."""
    keys = [key for key in page.cells if key[0] == wanted]
    return unique(key[1] for key in keys), unique(key[2] for key in keys)


def anchor(page: Page, group: str, area: str) -> str:
    """Return the id of the element with the tests of an area."""
    keys = list(dict.fromkeys(key[:2] for key in page.cells))
    return f"a{keys.index((group, area))}"


def wide(table: str) -> str:
    """Return a table that is scrolled by itself if it is too wide."""
    return f'<div class="wide"><table>{table}</table></div>'


def cell_html(cell: Cell | None) -> str:
    """Return a cell of the matrix; it is empty if nothing ran."""
    if not cell:
        return '<td class="none">-</td>'
    return f'<td class="{status_of(cell)}">{numbers(cell)}</td>'


def sums_html(page: Page, group: str, kernels: list[str]) -> str:
    """Return the row of the matrix that has the sums of a group."""
    cells = "".join(
        cell_html(
            counted(
                cell
                for key, cell in page.cells.items()
                if key[0] == group and key[2] == kernel
            )
        )
        for kernel in kernels
    )
    return f'<tr class="sum"><th>all</th>{cells}</tr>'


def matrix(page: Page) -> Iterator[str]:
    """Yield a table for each group: a row for an area, a column a kernel."""
    for group in groups(page):
        areas, kernels = in_group(page, group)
        heads = "".join(f"<th>{text(name)}</th>" for name in kernels)
        rows = [sums_html(page, group, kernels)] if len(areas) > 1 else []
        for area in areas:
            cells = "".join(
                cell_html(page.cells.get((group, area, kernel)))
                for kernel in kernels
            )
            link = f"#{anchor(page, group, area)}"
            rows.append(
                f'<tr><th><a href="{link}">{text(area)}</a></th>{cells}</tr>'
            )
        yield f"<h3>{text(group)}</h3>"
        yield wide(
            f"<thead><tr><th></th>{heads}</tr></thead>"
            f"<tbody>{''.join(rows)}</tbody>"
        )


def merged(failures: list[Failure]) -> list[list[Failure]]:
    """Group the failures that differ only in the kernel."""
    alike: dict[str, list[Failure]] = {}
    for failure in failures:
        told = [pair for pair in failure.told if pair[0] != "again"]
        key = repr((failure.title, told))
        alike.setdefault(key, []).append(failure)
    return list(alike.values())


def failure_html(alike: list[Failure], is_open: bool) -> str:
    """Return one failure, of one or more kernels; its log may be folded."""
    first = alike[0]
    told = [("on", ", ".join(unique(one.kernel for one in alike)))]
    told += unique_pairs(pair for one in alike for pair in one.told)
    pairs = "".join(
        f'<dt>{text(label)}</dt><dd class="{text(label)}">{text(words)}</dd>'
        for label, words in told
        if words
    )
    log = "\n".join(cut(first.log))
    fold = "<details open>" if is_open else "<details>"
    shown = f"{fold}<summary>log</summary><pre>{text(log)}</pre></details>"
    return (
        f"<article><h3>{text(first.title)}</h3><dl>{pairs}</dl>"
        f"{shown if log.strip() else ''}</article>"
    )


def unique_pairs(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return pairs in the order of their labels, each once."""
    found = list(dict.fromkeys(pairs))
    labels = unique(label for label, _ in found)
    return sorted(found, key=lambda pair: labels.index(pair[0]))


def failure_list(page: Page) -> Iterator[str]:
    """Yield the failures, at most MOST_FAILURES."""
    found = merged(page.failures)
    for alike in found[:MOST_FAILURES]:
        yield failure_html(alike, len(found) <= MOST_OPEN)
    if len(found) > MOST_FAILURES:
        yield (
            f"<p>{len(found) - MOST_FAILURES:,} more failures are in the "
            'list of <a href="#tests">all tests</a>.</p>'
        )


def bar(name: str, share: float, figure: str) -> str:
    """Return a row with a bar; @name is HTML."""
    return (
        f'<tr><th>{name}</th><td class="bar">'
        f'<i style="width:{100 * share:.1f}%"></i></td><td>{figure}</td></tr>'
    )


def bars(rows: list[tuple[str, float]], most: float) -> str:
    """Return a table of bars for seconds; the names are HTML."""
    return "".join(
        bar(name, took / most if most else 0, f"{took:,.1f} s")
        for name, took in rows
    )


def durations(page: Page) -> Iterator[str]:
    """Yield a bar for each group on each kernel; their areas unfold."""
    took: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for (group, area, kernel), cell in page.cells.items():
        if cell.seconds is not None:
            rows = took.setdefault((group, kernel), [])
            rows.append((text(area), cell.seconds))
    sums = {key: sum(one for _, one in rows) for key, rows in took.items()}
    most = max(sums.values(), default=0)
    for (group, kernel), rows in took.items():
        name = f"{text(kernel)} <small>{text(group)}</small>"
        rows.sort(key=lambda row: -row[1])
        head = bars([(name, sums[group, kernel])], most)
        yield (
            f'<details class="bars"><summary><table>{head}</table></summary>'
            f"<table>{bars(rows, rows[0][1])}</table></details>"
        )


def slowest(page: Page) -> str:
    """Return the bars of the slowest tests, or "" if no times are known."""
    timed = [one for one in page.results if one.seconds]
    timed.sort(key=lambda one: -(one.seconds or 0))
    rows = [
        (
            f"{text(one.area)}.{text(one.name)} "
            f"<small>{text(one.kernel)}</small>",
            one.seconds or 0,
        )
        for one in timed[:SLOWEST]
    ]
    return f"<table>{bars(rows, rows[0][1])}</table>" if rows else ""


def test_row(name: str, found: dict[str, Result], kernels: list[str]) -> str:
    """Return the row of a test, with a cell for each kernel."""
    cells = []
    for kernel in kernels:
        one = found.get(kernel)
        if not one:
            cells.append("<td></td>")
            continue
        took = one.seconds or 0
        seconds = f" <small>{took:.1f} s</small>" if took >= 0.05 else ""
        cells.append(
            f"<td class={one.status}>{WORDS[one.status]}{seconds}</td>"
        )
    why = "; ".join(unique(one.why for one in found.values() if one.why))
    why = f"<small>{text(cut([why])[0])}</small>" if why else ""
    statuses = " ".join(unique(one.status for one in found.values()))
    return (
        f'<tr class="{statuses}"><th>{text(name)}{why}</th>'
        f"{''.join(cells)}</tr>"
    )


def tests(page: Page) -> Iterator[str]:
    """Yield an element for each area, which unfolds to its tests."""
    found: dict[tuple[str, str], dict[str, dict[str, Result]]] = {}
    for one in page.results:
        rows = found.setdefault((one.group, one.area), {})
        cells = rows.setdefault(one.name, {})
        known = cells.get(one.kernel)
        if not known or known.status != "fail":
            cells[one.kernel] = one
    for (group, area), rows in found.items():
        kernels = unique(kernel for cells in rows.values() for kernel in cells)
        heads = "".join(f"<th>{text(name)}</th>" for name in kernels)
        body = "".join(
            test_row(name, cells, kernels) for name, cells in rows.items()
        )
        sums = counted(
            cell
            for key, cell in page.cells.items()
            if key[:2] == (group, area)
        )
        table = wide(
            f"<thead><tr><th></th>{heads}</tr></thead><tbody>{body}</tbody>"
        )
        yield (
            f'<details class="area" id="{anchor(page, group, area)}">'
            f"<summary>{text(area)} <small>{text(group)}</small> "
            f'<span class="{status_of(sums)}">{numbers(sums)}</span>'
            f"</summary>{table}</details>"
        )


def sections(page: Page) -> Iterator[tuple[str, str, str]]:
    """Yield the id, the heading and the HTML of each section."""
    if page.failures:
        yield "failures", "Failures", "".join(failure_list(page))
    yield "kernels", "Areas and kernels", "".join(matrix(page))
    took = "".join(durations(page))
    if took:
        note = "<p>These are sums over areas; guests run at the same time.</p>"
        yield "seconds", "Durations", note + took
    timed = slowest(page)
    if timed:
        yield "slowest", "Slowest tests", timed
    for number, (heading, body) in enumerate(page.more):
        yield f"more{number}", heading, body
    yield "tests", "All tests", "".join(tests(page))


def head(page: Page, script: str) -> str:
    """Return the head of the page."""
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    digest = hashlib.sha256(script.encode()).digest()
    policy = POLICY.format(base64.b64encode(digest).decode())
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{text(page.title)}</title>\n<style>\n{style}</style>\n</head>"
    )


def summary(page: Page) -> str:
    """Return the line with the numbers of all results."""
    total = counted(page.cells.values())
    when = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    numbers = (
        ("pass", total.passed, "passed"),
        ("fail", total.failed, "failed"),
        ("skip", total.skipped, "skipped"),
    )
    counts = "".join(
        f'<b class="{kind if number else "none"}">{number:,} {word}</b> '
        for kind, number, word in numbers
    )
    return f'<p class="total">{counts}<small>{when}</small></p>'


def write(path: Path, page: Page) -> None:
    """Write the page to a file."""
    script = (TEMPLATES / "page.js").read_text(encoding="utf-8")
    form = (TEMPLATES / "page.form").read_text(encoding="utf-8")
    parts = list(sections(page))
    links = " ".join(
        f'<a href="#{name}">{text(heading)}</a>' for name, heading, _ in parts
    )
    body = "\n".join(
        f'<section id="{name}"><h2>{text(heading)}</h2>\n{content}\n</section>'
        for name, heading, content in parts
    )
    path.write_text(
        f"{head(page, script)}\n<body>\n<header><h1>{text(page.title)}</h1>\n"
        f"{summary(page)}\n<nav>{links}</nav></header>\n{form}"
        f"<main>\n{body}\n</main>\n<script>{script}</script>\n"
        "</body>\n</html>\n",
        encoding="utf-8",
    )
