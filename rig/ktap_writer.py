# SPDX-License-Identifier: GPL-2.0
"""KTAP writer - write KTAP documents, one within another

The kernel's ksft.py is not used: it writes a single flat document, whose results
have no reasons.  rig/guest/ktap.sh is the same for shell scripts in a guest, and
rig/ktap.py reads what both write.
"""

from typing import TextIO

INDENT = "    "


def head(plan: int, name: str = "") -> list[str]:
    """Return the first lines of a document with @plan results."""
    subtest = [f"# Subtest: {name}"] if name else []
    return ["KTAP version 1", *subtest, f"1..{plan}"]


def result(is_good: bool, number: int, name: str, reason: str = "") -> str:
    """Return the line of a result; @reason may begin with SKIP."""
    status = "ok" if is_good else "not ok"
    return f"{status} {number} {name}" + (f" # {reason}" if reason else "")


class Writer:
    """Writes a document to @out, indented by @level."""

    def __init__(
        self, out: TextIO, plan: int, name: str = "", level: int = 0
    ) -> None:
        self.out = out
        self.level = level
        self.number = 0
        self.is_good = True
        self.write(*head(plan, name))

    def write(self, *lines: str) -> None:
        """Write lines, indented."""
        for line in lines:
            print(INDENT * self.level + line, file=self.out)

    def begin(self, plan: int, name: str) -> "Writer":
        """Begin the document of this document's next result."""
        return Writer(self.out, plan, name, self.level + 1)

    def comment(self, text: str) -> None:
        """Write a diagnostic, which precedes its result."""
        self.write(f"# {text}")

    def result(self, is_good: bool, name: str, reason: str = "") -> None:
        """Write the next result at once, so that a reader sees the progress."""
        self.number += 1
        self.is_good = self.is_good and is_good
        self.write(result(is_good, self.number, name, reason))
        self.out.flush()
