# SPDX-License-Identifier: GPL-2.0
"""Gcov - merge the counts of guests, and report which lines they ran

A kernel with GCOV_KERNEL counts how often each line of a module runs, if the module
was built with GCOV_PROFILE=y.  Each guest writes its counts to a directory of the
run, counts-N, when its job has ended.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from common import die

# A document that gcovr writes; gcovr's documentation describes the keys.
Json = dict[str, Any]


def gcovr(*args: str) -> None:
    """Run gcovr with these arguments, or exit if it fails."""
    done = subprocess.run(
        ["gcovr", "--exclude-unreachable-branches", *args],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        die(f"gcovr fails: {done.stderr.strip().splitlines()[0]}")


def trace(
    objects: Path, counts: Path, where: Path, filters: list[str]
) -> None:
    """Make a trace file for gcovr from the counts of one guest."""
    for stale in objects.rglob("*.gcda"):
        stale.unlink()
    # A guest stores the counts of an object below the object's full path.
    shutil.copytree(
        counts / objects.relative_to("/"), objects, dirs_exist_ok=True
    )
    gcovr(
        *("--root", str(objects), "--json", str(where)),
        *(f"--filter={name}" for name in filters),
        str(objects),
    )


def merge(
    objects: Path, runs: list[Path], out: Path, filters: list[str]
) -> tuple[Json, Json]:
    """Merge the counts of all guests of some runs.

    @objects is the directory in which the modules were built, and @filters are
    regular expressions for the paths of the sources to report.  Write the HTML
    report to @out; return gcovr's summary and its lines.
    """
    counts = [path for run in runs for path in sorted(run.glob("counts-*"))]
    counts = [
        path for path in counts if (path / objects.relative_to("/")).is_dir()
    ]
    if not counts:
        die("no guest wrote its counts: see console.log in the results")
    traces = []
    for number, path in enumerate(counts):
        traces.append(out / f"trace-{number}.json")
        trace(objects, path, traces[-1], filters)
    html = out / "html"
    shutil.rmtree(html, ignore_errors=True)
    html.mkdir()
    gcovr(
        *("--root", str(objects)),
        *(arg for path in traces for arg in ("--add-tracefile", str(path))),
        *("--json", str(out / "lines.json")),
        *("--json-summary", str(out / "summary.json")),
        *("--html-details", str(html / "index.html")),
    )
    summary, lines = (
        json.loads((out / name).read_text())
        for name in ("summary.json", "lines.json")
    )
    return summary, lines


def table(summary: Json) -> list[str]:
    """Return a line for each file, with its shares of lines and branches."""
    rows = []
    for file in summary["files"]:
        # A file without lines or branches has no percentage.
        percent = [file[f"{figure}_percent"] for figure in ("line", "branch")]
        rows.append(
            "{:<40} {:>6} % of lines {:>6} % of branches".format(
                file["filename"],
                *("-" if value is None else value for value in percent),
            )
        )
    return rows


def unreached(lines: Json, root: Path) -> list[tuple[str, int, str]]:
    """Return the lines that nothing ran, as (file, number, text)."""
    found = []
    for file in lines["files"]:
        text = (root / file["file"]).read_text(errors="replace").splitlines()
        for line in file["lines"]:
            if not line["count"] and not line.get("gcovr/noncode"):
                number = line["line_number"]
                found.append((file["file"], number, text[number - 1].strip()))
    return found
