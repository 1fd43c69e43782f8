#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Coverage - measure which lines of lib/, core/ and modules/ the tests run

    tools/coverage_gate.py KERNEL

KERNEL is a directory as rig/kernel makes it; it must have GCOV_KERNEL and
KUnit.  This program builds the modules with gcov's counters, in a separate
build directory, and runs the KUnit suites and the kselftests with them.  Then
gcovr makes one report from the counts of all guests.

tools/coverage.unreached lists the lines that no test can reach.  A row has the
file, the text of the line, and the reason, with tabs between them.  It excuses
one line.  A row is an error if the file has no such line that no test ran.
"""

import argparse
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "rig"))

import gcov
import results
import vm
from common import die
from report import complain

HERE = Path(__file__).resolve().parent
WORK = results.build_dir() / "coverage"
UNREACHED = HERE / "coverage.unreached"
LEAST_LINES = 95
LEAST_BRANCHES = 85


def run_tests(kernel: vm.Kernel) -> list[Path]:
    """Run all tests with counters; return the results' directories."""
    env = os.environ | {
        "O": str(WORK),
        "KBUILD_ARGS": "GCOV_PROFILE=y",
        "RIG_COUNTS": "y",
    }
    runs = {
        f"kunit-{kernel.path.name}": ["kunit_guest", str(kernel.path)],
        f"kselftest-{kernel.path.name}": ["kselftest", str(kernel.path)],
    }
    for run, command in runs.items():
        done = subprocess.run(
            [HERE / command[0], *command[1:]], env=env, check=False
        )
        if done.returncode:
            complain(WORK / "results" / run)
            die("the tests fail with counters: see the failures above")
    return [WORK / "results" / run for run in runs]


def excuses() -> Counter[tuple[str, str]]:
    """Return how many rows of coverage.unreached have each (file, text)."""
    rows = (row.split("\t") for row in UNREACHED.read_text().splitlines())
    return Counter((file, text) for file, text, _ in rows)


def judge(summary: gcov.Json, lines: gcov.Json) -> bool:
    """Print the figures and unexcused lines; return true if they suffice."""
    print("\n".join(gcov.table(summary)))
    left = excuses()
    bad = 0
    for file, number, text in gcov.unreached(lines, HERE.parent):
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
    """Measure the coverage on the kernel that the argument names."""
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
    filters = [f"{objects}/{part}/" for part in ("core", "lib", "modules")]
    return 0 if judge(*gcov.merge(objects, runs, WORK, filters)) else 1


if __name__ == "__main__":
    sys.exit(main())
