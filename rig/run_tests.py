#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Run tests - run the tests of the rig and of the project's tools

    rig/run_tests.py KERNEL [NAME...]

KERNEL is a directory as rig/kernel makes it.  A NAME is a file of rig/tests/
without its suffix, or a class or a test in it, such as judge_test.Judge.  A
single NAME that is a directory of rig/tests/ means all files in it: "slow" has
those that take too long for make check, and "proof" those that prove what users
get: the verdicts of modproof why, new modules, patches and packages.  Check-all
runs the two at the same time.  Without a NAME, this program runs all files of
rig/tests/ itself.  It writes the results to build/results/rig, or for a
directory to build/results/rig-NAME, in the form of any other run.
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


def name_of(test: unittest.TestCase) -> str:
    """Return the name of a test in the document."""
    return test.id().split(".", 2)[-1]


class Ktap(unittest.TestResult):
    """Writes the results of the tests to a KTAP document.

    @seconds has how long each test took.
    """

    def __init__(self, document: Writer) -> None:
        super().__init__()
        self.document = document
        self.seconds: dict[str, float] = {}
        self.start = 0.0

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
        self.document.result(is_good, name_of(test), reason)

    def startTest(self, test: unittest.TestCase) -> None:
        """Start the timeout of a test."""
        super().startTest(test)
        self.start = time.monotonic()
        signal.signal(signal.SIGALRM, end_test)
        signal.setitimer(signal.ITIMER_REAL, getattr(test, "LIMIT", LIMIT))

    def stopTest(self, test: unittest.TestCase) -> None:
        """Write the result of a test.

        It includes the failures of its subtests and of its cleanup.
        """
        signal.setitimer(signal.ITIMER_REAL, 0)
        super().stopTest(test)
        took = time.monotonic() - self.start
        self.seconds[name_of(test)] = round(took, 2)
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


def is_directory(names: list[str]) -> bool:
    """Return true if @names are one directory of tests, or none."""
    return not names or len(names) == 1 and TESTS.joinpath(*names).is_dir()


def load(names: list[str]) -> unittest.TestSuite:
    """Return the tests that @names select; see the top of this file."""
    if is_directory(names):
        files = TESTS.joinpath(*names).glob("*_test.py")
        names = [".".join((*names, file.stem)) for file in sorted(files)]
    return unittest.defaultTestLoader.loadTestsFromNames(
        [f"tests.{name}" for name in names]
    )


def main() -> int:
    """Run the tests, and judge their results as those of any run."""
    os.environ["RIG_KERNEL"] = sys.argv[1]
    names = sys.argv[2:]
    name = "-".join(["rig", *names]) if is_directory(names) else "rig"
    run = results.build_dir() / "results" / name
    results.fresh_run(run)
    start = time.monotonic()
    suite = load(names)
    with open(run / "ktap", "w", encoding="utf-8") as out:
        document = Writer(out, 1)
        ended = Ktap(document.begin(suite.countTestCases(), name))
        suite.run(ended)
        document.result(ended.wasSuccessful(), name)
    seconds = {name: time.monotonic() - start}
    for test, took in ended.seconds.items():
        seconds[f"{name}.{test}"] = took
    errors = results.judge(run, os.environ["KSRC"], seconds)
    report.complain(run)
    return 1 if errors or not ended.wasSuccessful() else 0


if __name__ == "__main__":
    sys.exit(main())
