# SPDX-License-Identifier: GPL-2.0
"""Extras - what the page of runs has besides results, if it was made

These are the coverage and the plots of the benchmark, which are below the
build directory, and the known defects, and how the tests that guard against them
ended.
"""

import base64
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

from page import Result, bar, text, wide

# The first columns of a table of known defects.  A guard is FILE:TEST, and several
# have commas between them.
DEFECTS = ["id", "what was wrong", "guarded by"]
# The most bytes of all plots together.
MOST_BYTES = 400_000


def when(path: Path) -> str:
    """Return a line with the time at which a file was written."""
    written = time.gmtime(path.stat().st_mtime)
    return f"<p>Measured {time.strftime('%Y-%m-%d %H:%M UTC', written)}.</p>"


def coverage(build: Path) -> Iterator[tuple[str, str]]:
    """Yield the section with the share of lines that ran of each source."""
    path = build / "coverage/summary.json"
    try:
        found = json.loads(path.read_text())
        rows = [
            (file["filename"], file["line_percent"]) for file in found["files"]
        ]
        rows.insert(0, ("all", found["line_percent"]))
        body = "".join(
            bar(text(name), share / 100, f"{share:.1f} %")
            for name, share in rows
            if share is not None
        )
    except (OSError, ValueError, KeyError, TypeError):
        return
    yield "Coverage of lines", f"{when(path)}<table>{body}</table>"


def plots(build: Path) -> Iterator[tuple[str, str]]:
    """Yield the section with the table and the plots of the benchmark."""
    found = []
    left = MOST_BYTES
    paths = sorted(build.glob("bench/*/*.svg"))
    for path in paths:
        data = base64.b64encode(path.read_bytes()).decode()
        left -= len(data)
        if left < 0:
            break
        name = text(f"{path.parent.name}: {path.stem}")
        found.append(
            f"<figure><figcaption>{name}</figcaption>"
            f'<img alt="{name}" src="data:image/svg+xml;base64,{data}">'
            f"</figure>"
        )
    if found:
        newest = max(paths, key=lambda path: path.stat().st_mtime)
        yield "Benchmark", when(newest) + "".join(found)


def indexed(results: list[Result]) -> dict[str, list[tuple[set[str], str]]]:
    """Return the words and the status of the results that have each word."""
    index: dict[str, list[tuple[set[str], str]]] = {}
    for one in results:
        words = set(re.split(r"[.\s]", f"{one.area}.{one.name}"))
        for word in words:
            index.setdefault(word, []).append((words, one.status))
    return index


def guard_state(
    guard: str, index: dict[str, list[tuple[set[str], str]]]
) -> tuple[str, str]:
    """Return the status of a guard, as FILE:TEST, and how it ended here."""
    file, _, test = guard.strip().partition(":")
    stem = Path(file).stem.removesuffix("_kunit")
    # A test in a header has its program's name, not that of the header.
    statuses = [
        status
        for words, status in index.get(test, [])
        if file.endswith(".h") or stem in words
    ]
    failed = statuses.count("fail")
    ran = len(statuses) - statuses.count("skip")
    if failed:
        return "fail", f"{failed} of {ran} failed"
    if not ran:
        return "skip" if statuses else "", "skipped" if statuses else "not run"
    return "pass", "ok" if ran == 1 else f"{ran} ok"


def defects(table: Path, results: list[Result]) -> Iterator[tuple[str, str]]:
    """Yield the section with the known defects and their guards."""
    lines = [line.split("\t") for line in table.read_text().splitlines()]
    if not lines or lines[0][: len(DEFECTS)] != DEFECTS:
        return
    index = indexed(results)
    rows = []
    for columns in lines[1:]:
        if len(columns) < len(DEFECTS):
            continue
        name, wrong, guards, *_ = columns
        cells = []
        for guard in guards.split(","):
            status, words = guard_state(guard, index)
            test = text(guard.strip().partition(":")[2])
            cells.append(f'{test} <span class="{status}">{words}</span>')
        rows.append(
            f"<tr><th>{text(name)}</th><td>{text(wrong)}</td>"
            f"<td>{'<br>'.join(cells)}</td></tr>"
        )
    heads = "".join(f"<th>{text(name)}</th>" for name in DEFECTS)
    body = wide(
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody>"
    )
    yield (
        "Known defects",
        f'<details class="defects"><summary>{len(rows)} defects, and the '
        f"tests that fail if one is back</summary>{body}</details>",
    )
