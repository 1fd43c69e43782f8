#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Coverage - measure which lines of lib/, core/ and modules/ the tests run

    tools/coverage.py KERNEL

KERNEL is a directory as rig/kernel makes it, with GCOV_KERNEL and KUnit.
The modules are built with counters in a build directory of their own, KUnit
and the kselftests run with them, and gcovr makes one report from the counts of
all guests.

A line that no test can reach is listed in tools/coverage.unreached: the file,
the text of the line, and the reason, with tabs between them.  A row excuses
one line; a row without such an unreached line is an error.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "rig"))

import results
import vm
from common import die
from report import complain

HERE = Path(__file__).resolve().parent
WORK = results.build_dir() / "coverage"
UNREACHED = HERE / "coverage.unreached"
LEAST_LINES = 95
LEAST_BRANCHES = 85
# What gcovr writes; its documentation has the keys.
Json = dict[str, Any]


def run_tests(kernel: vm.Kernel) -> list[Path]:
    """Run all tests with counters; return the directories of the runs."""
    env = os.environ | {
        "O": str(WORK),
        "KBUILD_ARGS": "GCOV_PROFILE=y",
        "GCOV": "y",
    }
    runs = {
        f"kunit-{kernel.path.name}": ["kunit", "guest", str(kernel.path)],
        f"kselftest-{kernel.path.name}": ["kselftest", str(kernel.path)],
    }
    for run, command in runs.items():
        done = subprocess.run(
            [vm.HERE / command[0], *command[1:]], env=env, check=False
        )
        if done.returncode:
            complain(WORK / "results" / run)
            die("the tests fail with counters: see the failures above")
    return [WORK / "results" / run for run in runs]


def gcovr(*args: str) -> None:
    """Run gcovr on the modules' sources."""
    done = subprocess.run(
        ["gcovr", "--exclude-unreachable-branches", *args],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        die(f"gcovr fails: {done.stderr.strip()}")


def trace(objects: Path, counts: Path, where: Path) -> None:
    """Make a trace file for gcovr from the counts of one guest."""
    for stale in objects.rglob("*.gcda"):
        stale.unlink()
    # A guest stores a count below the path of its object.
    shutil.copytree(
        counts / objects.relative_to("/"), objects, dirs_exist_ok=True
    )
    gcovr(
        *("--root", str(objects), "--json", str(where)),
        *(f"--filter={objects}/{part}/" for part in ("core", "lib")),
        f"--filter={objects}/modules/",
        str(objects),
    )


def report(objects: Path, runs: list[Path]) -> tuple[Json, Json]:
    """Merge the counts of all guests; return gcovr's summary and lines."""
    counts = [path for run in runs for path in sorted(run.glob("counts-*"))]
    if not counts:
        die("no guest wrote its counts: see console.log in the results")
    traces = []
    for number, path in enumerate(counts):
        traces.append(WORK / f"trace-{number}.json")
        trace(objects, path, traces[-1])
    html = WORK / "html"
    shutil.rmtree(html, ignore_errors=True)
    html.mkdir()
    gcovr(
        *("--root", str(objects)),
        *(arg for path in traces for arg in ("--add-tracefile", str(path))),
        *("--json", str(WORK / "lines.json")),
        *("--json-summary", str(WORK / "summary.json")),
        *("--html-details", str(html / "index.html")),
    )
    summary, lines = (
        json.loads((WORK / name).read_text())
        for name in ("summary.json", "lines.json")
    )
    return summary, lines


def unreached(lines: Json) -> Iterator[tuple[str, int, str]]:
    """Yield the lines that no test ran, as (file, number, text)."""
    for file in lines["files"]:
        text = (HERE.parent / file["file"]).read_text().splitlines()
        for line in file["lines"]:
            if not line["count"] and not line.get("gcovr/noncode"):
                number = line["line_number"]
                yield file["file"], number, text[number - 1].strip()


def excuses() -> Counter[tuple[str, str]]:
    """Count the rows of tools/coverage.unreached, by file and text."""
    rows = (row.split("\t") for row in UNREACHED.read_text().splitlines())
    return Counter((file, text) for file, text, _ in rows)


def judge(summary: Json, lines: Json) -> bool:
    """Print the figures and unexcused lines; return true if they suffice."""
    for file in summary["files"]:
        # A file without lines or branches has no percentage.
        percent = [file[f"{figure}_percent"] for figure in ("line", "branch")]
        print(
            "{:<40} {:>6} % of lines {:>6} % of branches".format(
                file["filename"],
                *("-" if value is None else value for value in percent),
            )
        )
    left = excuses()
    bad = 0
    for file, number, text in unreached(lines):
        if left[file, text]:
            left[file, text] -= 1
            continue
        bad += 1
        print(f"{file}:{number}: no test runs this: {text}")
    for file, text in left.elements():
        bad += 1
        print(
            f"{UNREACHED.name}: {file} has no such line that no test runs: remove the row: {text}"
        )
    for figure, name, least in (
        ("line", "lines", LEAST_LINES),
        ("branch", "branches", LEAST_BRANCHES),
    ):
        share = summary[f"{figure}_percent"]
        print(f"{share} % of {name}, at least {least} % are needed")
        bad += share < least
    print(f"The report is {WORK}/html/index.html.")
    return not bad


def main() -> int:
    """Measure the coverage on the kernel in the arguments."""
    parser = argparse.ArgumentParser(description="Measure coverage.")
    parser.add_argument("kernel")
    kernel = vm.Kernel(parser.parse_args().kernel)
    if not {"GCOV_KERNEL", "KUNIT"} <= kernel.symbols():
        die(
            f"the kernel {kernel.path.name} has no GCOV_KERNEL or no KUNIT: "
            "use KERNEL=debug-6.12"
        )
    runs = run_tests(kernel)
    objects = WORK / "modules" / kernel.path.name
    return 0 if judge(*report(objects, runs)) else 1


if __name__ == "__main__":
    sys.exit(main())
