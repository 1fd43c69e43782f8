#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Run tests - run the tests of the rig and of the project's tools

    rig/run_tests.py KERNEL [NAME...]

KERNEL is a directory as rig/kernel makes it.  A NAME is a file of rig/tests/
without its suffix, or a class or a test in it, such as judge_test.Judge.  The
NAME "slow" means all files of rig/tests/slow/, which take too long for make
check.  Without a NAME, this program runs all files of rig/tests/ itself.  It
writes the results to build/results/rig, in the form of any other run.
"""

import os
import signal
import sys
import time
import unittest
from pathlib import Path
from types import FrameType, TracebackType
from typing import NoReturn

import report
import results
from ktap_writer import Writer

# The timeout in seconds of a test whose class has no LIMIT.  It is many times
# as long as the slowest test took on a busy host.
LIMIT = 600
# What sys.exc_info() returns.
ExcInfo = (
    tuple[type[BaseException], BaseException, TracebackType]
    | tuple[None, None, None]
)
TESTS = Path(__file__).resolve().parent / "tests"
# Some tests import the programs in tools/ of the project that has the rig.
sys.path.append(str(TESTS.parent.parent / "tools"))


def end_test(_number: int, _frame: FrameType | None) -> NoReturn:
    """Kill the test's child processes and raise an exception in the test.

    This is the handler of SIGALRM, for a test that does not end.
    """
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    for pid in children.read_text().split():
        os.kill(int(pid), signal.SIGKILL)
    raise TimeoutError("the test did not end by itself")


class Ktap(unittest.TestResult):
    """Writes the results of the tests to a KTAP document."""

    def __init__(self, document: Writer) -> None:
        super().__init__()
        self.document = document

    def write(
        self,
        test: unittest.TestCase,
        is_good: bool,
        text: str = "",
        reason: str = "",
    ) -> None:
        """Write the result of a test, after the lines of @text."""
        for line in text.splitlines():
            self.document.comment(line)
        name = test.id().split(".", 2)[-1]
        self.document.result(is_good, name, reason)

    def startTest(self, test: unittest.TestCase) -> None:
        """Start the timeout of a test."""
        super().startTest(test)
        signal.signal(signal.SIGALRM, end_test)
        signal.setitimer(signal.ITIMER_REAL, getattr(test, "LIMIT", LIMIT))

    def stopTest(self, test: unittest.TestCase) -> None:
        """Write the result of a test.

        It includes the failures of its subtests and of its cleanup.
        """
        signal.setitimer(signal.ITIMER_REAL, 0)
        super().stopTest(test)
        text = "".join(
            said
            for case, said in self.failures + self.errors
            if getattr(case, "test_case", case) is test
        )
        skips = [why for case, why in self.skipped if case is test]
        self.write(
            test,
            not text and test not in self.unexpectedSuccesses,
            text,
            f"SKIP {skips[0]}" if skips else "",
        )

    def addError(self, test: unittest.TestCase, err: ExcInfo) -> None:
        """Record an error; write one that is outside of all tests at once."""
        super().addError(test, err)
        if not isinstance(test, unittest.TestCase):
            self.write(test, False, self.errors[-1][1])


def load(names: list[str]) -> unittest.TestSuite:
    """Return the tests that @names select; see the top of this file."""
    if names in ([], ["slow"]):
        files = TESTS.joinpath(*names).glob("*_test.py")
        names = [".".join((*names, file.stem)) for file in sorted(files)]
    return unittest.defaultTestLoader.loadTestsFromNames(
        [f"tests.{name}" for name in names]
    )


def main() -> int:
    """Run the tests, and judge their results as those of any run."""
    os.environ["RIG_KERNEL"] = sys.argv[1]
    run = results.build_dir() / "results/rig"
    results.fresh_run(run)
    start = time.monotonic()
    suite = load(sys.argv[2:])
    with open(run / "ktap", "w", encoding="utf-8") as out:
        document = Writer(out, 1)
        ended = Ktap(document.begin(suite.countTestCases(), "rig"))
        suite.run(ended)
        document.result(ended.wasSuccessful(), "rig")
    errors = results.judge(
        run, os.environ["KSRC"], {"rig": time.monotonic() - start}
    )
    report.complain(run)
    return 1 if errors or not ended.wasSuccessful() else 0


if __name__ == "__main__":
    sys.exit(main())
