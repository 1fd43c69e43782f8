# SPDX-License-Identifier: GPL-2.0
"""KTAP writer - write KTAP documents, one within another

The kernel has a ksft.py, but it cannot write documents within a document, nor
the reason for a result.  The shell scripts in a guest write such documents
with rig/guest/ktap.sh.  rig/ktap.py reads the documents of both.
"""

from typing import TextIO

INDENT = "    "


def head(plan: int, name: str = "") -> list[str]:
    """Return the first lines of a document with @plan results."""
    subtest = [f"# Subtest: {name}"] if name else []
    return ["KTAP version 1", *subtest, f"1..{plan}"]


def result(is_good: bool, number: int, name: str, reason: str = "") -> str:
    """Return a result line.

    A @reason that begins with SKIP marks a test that was skipped.
    """
    status = "ok" if is_good else "not ok"
    return f"{status} {number} {name}" + (f" # {reason}" if reason else "")


class Writer:
    """Writes a document, within @level other documents, to @out."""

    def __init__(
        self, out: TextIO, plan: int, name: str = "", level: int = 0
    ) -> None:
        self.out = out
        self.level = level
        self.number = 0
        self.is_good = True
        self.write(*head(plan, name))

    def write(self, *lines: str) -> None:
        """Write lines with the indentation of this document."""
        for line in lines:
            print(INDENT * self.level + line, file=self.out)

    def begin(self, plan: int, name: str) -> "Writer":
        """Begin a document within the next result; return its writer."""
        return Writer(self.out, plan, name, self.level + 1)

    def comment(self, text: str) -> None:
        """Write a comment, which belongs to the next result."""
        self.write(f"# {text}")

    def result(self, is_good: bool, name: str, reason: str = "") -> None:
        """Write the next result at once, so that a reader sees the progress."""
        self.number += 1
        self.is_good = self.is_good and is_good
        self.write(result(is_good, self.number, name, reason))
        self.out.flush()
