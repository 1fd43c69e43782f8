#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Fuzz KTAP - convert the report of "make -C fuzz check" to KTAP

    tools/fuzz_ktap.py LOG PARTS

A part is a source of lib/; PARTS is the number of them.  LOG has two lines
with PASS or FAIL for each part: one for fuzzing and, later, one for coverage.
The indented lines after such a line explain it.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "rig"))

from ktap_writer import Writer

AREAS = ("fuzz", "coverage")


class Result:
    """The result of fuzzing one part, or of its coverage."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.part, self.status = line.split()[:2]
        self.area = "coverage" if "of lines" in line else "fuzz"
        self.explanations = [line] if self.status == "FAIL" else []


def results(text: str) -> list[Result]:
    """Return the results in the text of a report."""
    found: list[Result] = []
    for line in text.split("\n"):
        if line.split()[1:2] in (["PASS"], ["FAIL"]):
            found.append(Result(line))
        elif found and line.startswith("  "):
            found[-1].explanations.append(line)
    return found


def main() -> None:
    """Convert the report that the arguments name."""
    log, parts = sys.argv[1:]
    found = results(Path(log).read_text(errors="replace"))
    document = Writer(sys.stdout, len(AREAS))
    for area in AREAS:
        group = document.begin(int(parts), area)
        for result in found:
            if result.area == area:
                for line in result.explanations:
                    group.comment(line)
                group.result(result.status == "PASS", result.part, result.line)
        document.result(group.is_good and group.number > 0, area)


if __name__ == "__main__":
    main()
