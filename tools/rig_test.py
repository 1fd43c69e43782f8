#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Rig test - prove that the rig turns red when it should, and says why

    tools/rig_test.py KERNEL [NAME...]

KERNEL is a directory as tools/kernel makes it.  A NAME is a file of tools/rig/
without its end, or a class or a test in one, as judge_test.Judge; "slow" is each
file of tools/rig/slow/, for which make check has no time.  Without a NAME all others
are run.  The results go to build/results/rig, as a KTAP document like any other
run's.
"""

import os
import signal
import sys
import time
import unittest
from pathlib import Path
from types import FrameType, TracebackType
from typing import NoReturn, TextIO

import report
import results

# For how many seconds a test may take, unless it has a LIMIT of its own: many times
# as long as any took on a busy host.
LIMIT = 600
# What sys.exc_info() returns.
ExcInfo = (
    tuple[type[BaseException], BaseException, TracebackType]
    | tuple[None, None, None]
)
TESTS = Path(__file__).resolve().parent / "rig"


def end_test(_number: int, _frame: FrameType | None) -> NoReturn:
    """Fail a test that does not end, for it would hide what all others say."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    for pid in children.read_text().split():
        os.kill(int(pid), signal.SIGKILL)
    raise TimeoutError("the test did not end by itself")


class Ktap(unittest.TestResult):
    """Results as a KTAP document, within that of the whole."""

    def __init__(self, out: TextIO, planned: int) -> None:
        super().__init__()
        self.out = out
        self.number = 0
        self.write("KTAP version 1", "# Subtest: rig", f"1..{planned}")

    def write(self, *lines: str) -> None:
        """Write lines of this document."""
        for line in lines:
            print(f"    {line}", file=self.out)

    def say(
        self,
        test: unittest.TestCase,
        is_good: bool,
        text: str = "",
        directive: str = "",
    ) -> None:
        """Write one result, and what there is to say of it."""
        self.number += 1
        name = test.id().split(".", 2)[-1]
        self.write(*(f"# {line}" for line in text.splitlines()))
        status = "ok" if is_good else "not ok"
        self.write(f"{status} {self.number} {name}{directive}")

    def startTest(self, test: unittest.TestCase) -> None:
        """Begin to count the time that a test takes."""
        super().startTest(test)
        signal.signal(signal.SIGALRM, end_test)
        signal.setitimer(signal.ITIMER_REAL, getattr(test, "LIMIT", LIMIT))

    def stopTest(self, test: unittest.TestCase) -> None:
        """Say what came of a test, of its subtests and of what cleans up."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        super().stopTest(test)
        text = "".join(
            said
            for case, said in self.failures + self.errors
            if getattr(case, "test_case", case) is test
        )
        skips = [why for case, why in self.skipped if case is test]
        self.say(
            test,
            not text and test not in self.unexpectedSuccesses,
            text,
            f" # SKIP {skips[0]}" if skips else "",
        )

    def addError(self, test: unittest.TestCase, err: ExcInfo) -> None:
        """Note an error, which may lie outside of all tests."""
        super().addError(test, err)
        if not isinstance(test, unittest.TestCase):
            self.say(test, False, self.errors[-1][1])


def load(names: list[str]) -> unittest.TestSuite:
    """The tests that are named, or all of them."""
    if names in ([], ["slow"]):
        files = TESTS.joinpath(*names).glob("*_test.py")
        names = [".".join((*names, file.stem)) for file in sorted(files)]
    return unittest.defaultTestLoader.loadTestsFromNames(
        [f"rig.{name}" for name in names]
    )


def main() -> int:
    """Run the tests and judge them like any run."""
    os.environ["RIG_KERNEL"] = sys.argv[1]
    run = results.build_dir() / "results/rig"
    results.fresh_run(run)
    start = time.monotonic()
    suite = load(sys.argv[2:])
    with open(run / "ktap", "w", encoding="utf-8") as out:
        print("KTAP version 1\n1..1", file=out)
        ended = Ktap(out, suite.countTestCases())
        suite.run(ended)
        print(f"{'ok' if ended.wasSuccessful() else 'not ok'} 1 rig", file=out)
    errors = results.judge(
        run, os.environ["KSRC"], {"rig": time.monotonic() - start}
    )
    report.complain(run)
    return 1 if errors or not ended.wasSuccessful() else 0


if __name__ == "__main__":
    sys.exit(main())
