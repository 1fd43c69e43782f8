# SPDX-License-Identifier: GPL-2.0
"""KTAP writer - write KTAP documents, one within another

The kernel has a ksft.py, but it cannot write documents within a document, nor
the reason for a result.  The shell scripts in a guest write such documents
with rig/guest/ktap.sh.  rig/ktap.py reads the documents of both.

Other programs that read TAP, such as prove of Perl and kunit.py, read these
documents as well.  prove reads only the outermost document.  It counts a result
with "# TODO" as passed even if it is "not ok", and stops at "Bail out!".
kunit.py overlooks a result whose name has a "#".  So no text may get such a
meaning by accident.
"""

import re
from typing import TextIO

INDENT = "    "
# The beginning of a reason that readers of TAP take for a directive.
DIRECTIVE = re.compile(r"(skip|todo|xfail|xpass)", re.I)
# The "#" of a directive within a reason.
WITHIN = re.compile(rf"#(?=\s*{DIRECTIVE.pattern})", re.I)


def plain(name: str) -> str:
    """Return a name in which nothing has a meaning in a document."""
    return " ".join(name.split()).replace("#", "_")


def head(plan: int, name: str = "") -> list[str]:
    """Return the first lines of a document with @plan results."""
    subtest = [f"# Subtest: {plain(name)}"] if name else []
    return ["KTAP version 1", *subtest, f"1..{plan}"]


def result(is_good: bool, number: int, name: str, reason: str = "") -> str:
    """Return a result line.

    A @reason that begins with SKIP marks a test that was skipped, if the
    result @is_good.
    """
    status = "ok" if is_good else "not ok"
    reason = WITHIN.sub("_", " ".join(reason.split()))
    if not is_good and DIRECTIVE.match(reason):
        reason = f"failed: {reason}"
    return f"{status} {number} {plain(name)}" + f" # {reason}" * bool(reason)


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
        self.write(*(f"# {line}" for line in text.splitlines() or [""]))

    def result(self, is_good: bool, name: str, reason: str = "") -> None:
        """Write the next result at once, so that a reader sees the progress."""
        self.number += 1
        self.is_good = self.is_good and is_good
        self.write(result(is_good, self.number, name, reason))
        self.out.flush()
