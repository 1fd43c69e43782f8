# SPDX-License-Identifier: GPL-2.0
"""KTAP - read a KTAP document, and find every failure in it

The kernel's own parser, kunit_parser.py, misses failures.  If the result of a
group is "not ok" and all results within it passed, it counts the group as
passed.  It also ignores results after the number that the plan announces.

read() returns a Test, the root, whose children are the results of the
outermost document.  A result may have an indented document before it; the
results in this document are its children.  outcomes() yields what counts as a
test: each Test without children, and each group that failed or was skipped for
a reason of its own.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

# The level and the time stamp that printk writes before a line.
STAMP = re.compile(r"^(?:<\d+>)?\[ *\d+\.\d+\](?:\[ *[CT]\d+\])? ")
VERSION = re.compile(r"(\s*)(KTAP|TAP) version (\d+)$")
VERSIONS = {"KTAP": ("1",), "TAP": ("13", "14")}
SUBTEST = re.compile(r"(\s*)# Subtest: (.*)$")
PLAN = re.compile(r"(\s*)1\.\.(\d+)(?:\s+(.*))?$")
RESULT = re.compile(r"(\s*)(ok|not ok)\s+(\d+)(?:\s+(.*))?$")
UNNUMBERED = re.compile(r"(\s*)not ok(?:\s|$)")
BAIL_OUT = re.compile(r"(\s*)Bail out!\s*(.*)$", re.I)
# As in TAP, case does not matter, and a word that begins with "skip" is a
# SKIP.
DIRECTIVE = re.compile(r"\s*#\s*(skip\w*|xfail|xpass|todo)\b:?\s*(.*)$", re.I)
COMMENT = re.compile(r"(?:^|\s)#\s*(.*)$")


@dataclass
class Test:
    """A result and its children.

    @number is None if the test has no result line.
    @status is "pass", "fail", "skip", "xfail" for a failure that was expected, or
    "xpass" for a pass that was not; the last two count as passed.
    @reason is the text after the "#" and the directive of the result line.
    @diagnostics are the lines of the test that are not results.
    @plan is the number of children that the test announced, or None.
    @faults are the errors in the test's own document.
    """

    name: str = ""
    number: int | None = None
    status: str = "fail"
    reason: str = ""
    diagnostics: list[str] = field(default_factory=list)
    children: list["Test"] = field(default_factory=list)
    plan: int | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Return the name, or "test" and the number if there is no name."""
        return self.name or f"test {self.number or '?'}"

    @property
    def why(self) -> str:
        """Return the reason and the faults, in one line."""
        return "; ".join([self.reason] * bool(self.reason) + self.faults)


# The names of the groups that contain a test, the outermost first, and its
# own.
Names = tuple[str, ...]
# The names of a test that counts, the test, and its status.
Outcome = tuple[Names, Test, str]


class Level:
    """A document, at one indentation, whose end has not been read yet."""

    def __init__(self, indent: int) -> None:
        self.indent = indent
        self.test = Test()
        self.pending: list[str] = []
        self.skipped: str | None = None
        self.expected = 1
        self.misplaced: list[tuple[Test, int]] = []
        self.lost = 0

    def add(self, test: Test) -> None:
        """Add a result of this document; it gets the diagnostics before it."""
        test.diagnostics = self.pending + test.diagnostics
        self.pending = []
        self.test.children.append(test)
        if test.number is None:
            self.lost += 1
            return
        if not self.expected <= test.number <= self.expected + self.lost:
            self.misplaced.append((test, self.expected))
        self.expected = test.number + 1
        self.lost = 0

    def fault(self, text: str) -> None:
        """Record an error in this document."""
        self.test.faults.append(text)

    def announce(self, count: int, directive: re.Match[str] | None) -> None:
        """Record the plan, which announces @count results.

        @directive is the SKIP after it, if there is one.
        """
        if self.test.plan is not None:
            self.fault("there are two plans")
        self.test.plan = count
        if directive:
            self.skipped = directive[2]

    def end(self) -> Test:
        """End the document: compare its results with its plan.

        Return the test that the document belongs to.
        """
        test = self.test
        test.diagnostics += self.pending
        self.pending = []
        if self.skipped is not None and test.status in ("pass", "skip"):
            test.status = "skip"
            test.reason = test.reason or self.skipped
        elif not test.children and not test.plan and test.status == "pass":
            self.fault("no test ran")
        for misplaced, number in self.misplaced:
            if self.is_last_skip(misplaced, number):
                misplaced.number = number
            else:
                self.fault(
                    f"result {misplaced.number} is where {number} belongs"
                )
        found = len(test.children)
        if test.plan is not None and found > test.plan:
            self.fault(
                f"the plan is 1..{test.plan}, and there are {found} results"
            )
        elif (
            test.plan is not None
            and found < test.plan
            and not self.may_lack_results()
        ):
            self.fault(
                f"{test.plan - found} of {test.plan} results are missing"
            )
        return test

    def is_last_skip(self, test: Test, number: int) -> bool:
        """Return true if ksft_exit_skip() printed a wrong number for @test.

        Before Linux 7.3, this function adds one to the right number.
        """
        return (
            test is self.test.children[-1]
            and not test.name
            and test.number == number + 1
            and test.status == self.test.status == "skip"
        )

    def may_lack_results(self) -> bool:
        """Return true if the last result explains why others are missing.

        A program that skips its remaining tests prints one result for all of
        them.  If the last test has no result line, it has ended the program,
        and this already counts as a failure.
        """
        test = self.test
        last = test.children[-1] if test.children else None
        return last is not None and (
            last.number is None or test.status == last.status == "skip"
        )


class Reader:
    """Reads a document line by line.

    The levels are the documents whose end has not been read, the innermost
    last.
    """

    def __init__(self) -> None:
        self.levels: list[Level] = []
        self.preamble: list[str] = []

    def inner(self, indent: int) -> Level | None:
        """End the documents that are indented more than @indent.

        Return the outermost of them, whose test the caller must add, or None.
        """
        ended = None
        while len(self.levels) > 1 and self.levels[-1].indent > indent:
            if ended:
                self.lose(ended)
            ended = self.levels.pop()
        return ended

    def lose(self, level: Level) -> None:
        """Add the test of a document without a result line, as failed."""
        level.test.status = "fail"
        test = level.end()
        test.faults = ["it has no result line"] + test.faults
        self.levels[-1].add(test)

    def begin(self, indent: int) -> None:
        """Begin a document at this indentation, within the innermost one."""
        ended = self.inner(indent - 1)
        if ended:
            self.lose(ended)
        if self.levels and self.levels[-1].indent >= indent:
            self.levels[-1].fault(
                "a second document begins: indent what is within a test"
            )
        else:
            self.levels.append(Level(indent))

    def level_for(self, indent: int) -> Level:
        """Return the document that a line with this indentation belongs to.

        Begin one if the line is indented more than the innermost document.
        """
        if self.levels[-1].indent < indent:
            self.begin(indent)
        return self.levels[-1]

    def result(
        self, indent: int, status: str, number: int, text: str | None
    ) -> None:
        """Add the test of a result line to its document.

        The documents that are indented more end here; they belong to the test.
        """
        ended = self.inner(indent)
        level = self.level_for(indent)
        name, status, reason = describe(status, text or "")
        test = ended.test if ended else Test()
        if ended and test.name not in ("", name):
            ended.fault(f"the document in it is named {test.name}")
        test.name = name or test.name
        test.number, test.status, test.reason = number, status, reason
        level.add(ended.end() if ended else test)

    def structure(self, line: str) -> bool:
        """Process a version, name, plan or result line of a document.

        Return true if @line is one of these.
        """
        version = VERSION.match(line)
        if version:
            self.begin(len(version[1]))
            if version[3] not in VERSIONS[version[2]]:
                self.levels[-1].fault(f"{line.strip()} is not known")
            return True
        if not self.levels:
            return False
        subtest = SUBTEST.match(line)
        if subtest:
            return self.subtest(len(subtest[1]), subtest[2].strip())
        plan = PLAN.match(line)
        if plan:
            # A document that is indented more ends here, without a result
            # line.
            indent = len(plan[1])
            ended = self.inner(indent)
            if ended:
                self.lose(ended)
            directive = DIRECTIVE.match(plan[3] or "")
            self.level_for(indent).announce(int(plan[2]), directive)
            return True
        found = RESULT.match(line)
        if found:
            self.result(len(found[1]), found[2], int(found[3]), found[4])
        return bool(found)

    def subtest(self, indent: int, name: str) -> bool:
        """Record the name that a "# Subtest:" line gives its document.

        Return false if the line is not in a place where a name may be.
        """
        level = self.levels[-1]
        if level.indent < indent:
            # In kernels before 6.2, this line is the first of a document.
            self.begin(indent)
            level = self.levels[-1]
        if level.indent != indent or level.test.name or level.test.children:
            return False
        level.test.name = name
        return True

    def line(self, line: str) -> None:
        """Process a line of the document, of any kind."""
        if self.structure(line) or not line:
            return
        if not self.levels:
            self.preamble.append(line)
            return
        self.levels[-1].pending.append(line)
        bail_out = BAIL_OUT.match(line)
        if bail_out:
            level = self.level_for(len(bail_out[1]))
            level.fault(f"bail out: {bail_out[2] or 'no reason given'}")
        unnumbered = UNNUMBERED.match(line)
        if unnumbered:
            level = self.level_for(len(unnumbered[1]))
            level.fault(f'"{line.strip()}" has no number')

    def end(self) -> Test:
        """End all documents after the last line; return the root."""
        if not self.levels:
            return Test(diagnostics=self.preamble)
        ended = self.inner(-1)
        if ended:
            self.lose(ended)
        level = self.levels[0]
        level.test.status = "fail"
        if level.test.plan is None and level.test.children:
            level.fault("there is no plan")
        root = level.end()
        root.diagnostics = self.preamble + root.diagnostics
        return root


def describe(status: str, text: str) -> tuple[str, str, str]:
    """Split the text after a result's number into its parts.

    Return the name, the status and the reason; @status is "ok" or "not ok".
    """
    text = text.removeprefix("- ")
    found = DIRECTIVE.search(text)
    if found:
        directive = found[1].lower()
        if directive.startswith("skip"):
            status = "skip"
        elif status == "ok" and directive in ("xfail", "xpass"):
            status = directive
    comment = found or COMMENT.search(text)
    name = text[: comment.start()] if comment else text
    reason = comment.groups()[-1] if comment else ""
    status = {"ok": "pass", "not ok": "fail"}.get(status, status)
    return name.strip(), status, reason.strip()


def read(text: str) -> Test:
    """Read a document; return the root, whose faults are the document's."""
    reader = Reader()
    lines = re.split(r"\r\n|\r|\n", text)
    for line in lines:
        reader.line(STAMP.sub("", line.rstrip(), count=1))
    return reader.end()


def read_file(path: Path) -> Test:
    """Read a document from a file."""
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        return read(file.read())


def outcomes(test: Test, names: Names = ()) -> Iterator[Outcome]:
    """Yield (names, test, status) of each test within @test that counts.

    A test without children counts.  A group counts in addition to its children
    if its document has faults, or if it failed and no child failed, or if it
    was skipped and no child was skipped.
    """
    below = [
        outcome
        for child in test.children
        for outcome in outcomes(child, names + (child.label,))
    ]
    statuses = {status for _, _, status in below}
    if test.faults:
        yield names, test, "fail"
    elif not below or test.status in {"fail", "skip"} - statuses:
        yield names, test, test.status
    yield from below


def count(found: Iterable[Outcome]) -> tuple[int, int, int]:
    """Return how many outcomes passed, failed and were skipped."""
    statuses = [status for _, _, status in found]
    failed, skipped = statuses.count("fail"), statuses.count("skip")
    return len(statuses) - failed - skipped, failed, skipped
