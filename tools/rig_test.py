#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Rig test - prove that the rig turns red when it should, and says why

    tools/rig_test.py KERNEL [NAME...]

KERNEL is a directory as tools/kernel makes it.  A NAME is a file of tools/rig/
without its end, or a class or a test in one, as judge_test.Judge; without one all
are run.  The results go to build/results/rig, as a KTAP document like any other
run's.
"""

import os
import sys
import time
import unittest
from pathlib import Path

import results

TESTS = Path(__file__).resolve().parent / "rig"


class Ktap(unittest.TestResult):
    """Results as a KTAP document."""

    def __init__(self, out):
        super().__init__()
        self.out = out

    def say(self, test, status, text=""):
        """Write one result, and what there is to say of it."""
        name = test.id().split(".", 2)[-1]
        for line in text.splitlines():
            print(f"# {line}", file=self.out)
        print(f"{status} {self.testsRun} {name}", file=self.out)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.say(test, "ok")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.say(test, "not ok", self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self.say(test, "not ok", self.errors[-1][1])


def load(names):
    """The tests that are named, or all of them."""
    names = names or [path.stem for path in sorted(TESTS.glob("*_test.py"))]
    return unittest.defaultTestLoader.loadTestsFromNames(
        [f"rig.{name}" for name in names]
    )


def main():
    """Run the tests and judge them like any run."""
    os.environ["RIG_KERNEL"] = sys.argv[1]
    run = results.build_dir() / "results/rig"
    results.fresh_run(run)
    start = time.monotonic()
    suite = load(sys.argv[2:])
    with open(run / "ktap", "w", encoding="utf-8") as out:
        print(
            "KTAP version 1\n1..1\nKTAP version 1\n# Subtest: rig\n"
            f"1..{suite.countTestCases()}",
            file=out,
        )
        ended = Ktap(out)
        suite.run(ended)
        print(f"{'ok' if ended.wasSuccessful() else 'not ok'} 1 rig", file=out)
    errors = results.judge(
        run, os.environ["KSRC"], {"rig": time.monotonic() - start}
    )
    for line in errors + results.failures(run):
        print(f"rig: {line} (see {run}/ktap)", file=sys.stderr)
    return 1 if errors or not ended.wasSuccessful() else 0


if __name__ == "__main__":
    sys.exit(main())
