# SPDX-License-Identifier: GPL-2.0
"""Tests that no failure is lost when results are merged"""

import contextlib
import io
import json
import subprocess
import sys
import unittest

import guest_pool
import run_tests
from ktap_writer import Writer
from tests.base import (
    HERE,
    KERNEL,
    PROJECT,
    TOOLS,
    Scratch,
    copy_tools,
    replace_tools,
)

GREEN = "3 passed, 0 failed, 0 skipped"
RED = "3 passed, 2 failed, 0 skipped"
PASSED = "KTAP version 1\n1..1\nok 1 fact\n"
FAILED = "KTAP version 1\n1..1\nnot ok 1 fact\n"


class Verdict(Scratch):
    """Tests of tools that run other tools; fakes replace the latter."""

    def said_by(self, *command, **environment):
        """Run a tool by run_tool(), with self.scratch as its kernel source."""
        return self.run_tool(*command, KSRC=str(self.scratch), **environment)

    def errors_of(self, run):
        """Return the errors in run.json, which no test reports."""
        path = self.scratch / "results" / run / "run.json"
        return json.loads(path.read_text())["errors"]


class Ci(Verdict):
    """Tests of .ci/run, in which each step runs a fake make."""

    def ci(self, script):
        """Run .ci/run with @script as make.

        Return the exit status and the last line, which has the counts.
        """
        status, said = self.said_by(
            PROJECT / ".ci/run", PATH=self.fake("make", script)
        )
        return status, said.splitlines()[-1]

    def test_steps_that_pass_are_green(self):
        status, counts = self.ci(f"echo {GREEN}")
        self.assertEqual(status, 0)
        self.assertEqual(counts, "24 passed, 0 failed, 0 skipped")

    def test_each_step_that_fails_counts(self):
        """A step counts even if its output is confusing.

        The last line of the output may lack the newline, or look like the line
        with the status that .ci/run writes itself.
        """
        status, counts = self.ci(
            f"""case $1 in
            check) echo {GREEN}; exit 2 ;;
            check-all) echo {RED}; exit 2 ;;
            demo) exit 2 ;;
            errata) printf 'make: error'; exit 2 ;;
            modules) echo step-status 0; exit 2 ;;
            soak) echo {RED} ;;
            style) echo {GREEN} ;;
            esac"""
        )
        self.assertNotEqual(status, 0)
        self.assertEqual(counts, "12 passed, 8 failed, 0 skipped")


class Run(Verdict):
    """Tests of tools/run, with all tools fake except report.py."""

    def kunit(self, document, status):
        """Run "tools/run kunit"; return the exit status and the output.

        A fake rig/kunit has the results in @document and the exit status
        @status.
        """
        house = self.scratch / "house"
        source = self.scratch / "tools/testing/selftests"
        source.mkdir(parents=True)
        (source / "lib.mk").touch()
        (self.scratch / "document").write_text(document)
        collect = (
            f"{HERE}/results.py collect kunit-uml {self.scratch}/document"
        )
        does = {
            "install-deps": ":",
            "kernel": f"echo {KERNEL.path}",
            "kunit": f"{collect}; exit {status}",
            "report.py": f'exec {sys.executable} {HERE}/report.py "$@"',
        }
        replace_tools(house, does)
        copy_tools(house, "common.sh", "run")
        return self.said_by(
            house / "tools/run", "kunit", srctree=str(house), NAMED_KERNEL=""
        )

    def test_command_that_passes_is_green(self):
        status, said = self.kunit(PASSED, 0)
        self.assertEqual(status, 0, said)

    def test_command_that_fails_is_red_over_results_that_are_green(self):
        status, said = self.kunit(PASSED, 3)
        self.assertEqual(status, 3, said)
        self.assertIn("1 passed", said)

    def test_results_that_are_red_are_red(self):
        status, said = self.kunit(FAILED, 0)
        self.assertEqual(status, 1, said)


class Collect(Verdict):
    """Tests of "results.py collect" and of a tool that uses it."""

    def collect(self, document):
        """Collect a document with --if-green, for a tool that failed.

        Return the errors of the run.
        """
        (self.scratch / "document").write_text(document)
        status, said = self.said_by(
            HERE / "results.py",
            "collect",
            "run",
            self.scratch / "document",
            "--if-green",
            "the tool ended with status 1",
        )
        self.assertEqual(status, 1, said)
        return self.errors_of("run")

    def test_failure_that_no_result_tells_is_an_error(self):
        self.assertEqual(
            self.collect(PASSED), ["the tool ended with status 1"]
        )

    def test_failure_that_a_result_tells_counts_once(self):
        self.assertEqual(self.collect(FAILED), [])

    def test_part_that_is_not_reported_is_missing(self):
        """Each file of lib/ is a part, and must be fuzzed and covered."""
        line = "echo 'part PASS'; echo 'part PASS 99 % of lines'"
        status, said = self.said_by(
            TOOLS / "fuzz", "check", PATH=self.fake("make", line)
        )
        self.assertEqual(status, 1, said)
        parts = [
            path
            for path in (PROJECT / "lib").glob("*.c")
            if not path.name.endswith(".mod.c")
        ]
        junit = (self.scratch / "results/host/junit.xml").read_text()
        missing = f"{len(parts) - 1} of {len(parts)} results are missing"
        self.assertEqual(junit.count(f'message="{missing}'), 2)


class Guest(Scratch):
    """Tests of guest/session.py, and of how guests' output is merged."""

    def test_session_without_a_command_fails(self):
        session = self.scratch / "area" / "empty.session"
        session.parent.mkdir()
        session.touch()
        document = subprocess.run(
            [HERE / "guest/session.py", session],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        self.assertIn("\n    not ok 1 empty\nnot ok 1 area\n", document)

    def test_failure_in_an_area_that_passed_is_not_forgotten(self):
        """A failure stays in the document if its guest must run again."""
        document = guest_pool.Document(self.scratch, ["bad", "good"])
        document.left = []
        with contextlib.redirect_stdout(io.StringIO()):
            guest = guest_pool.Guest([], document)
        document.add(guest, ["        not ok 1 x", "ok 1 bad"], 1)
        document.add(guest, ["        ok 1 x", "ok 1 good"], 1)
        document.forget(guest)
        document.out.close()
        self.assertEqual(document.left, ["good"])
        self.assertIn("not ok 1 x", (self.scratch / "ktap").read_text())


class Rig(unittest.TestCase):
    """Tests of run_tests.py, which runs these tests."""

    def test_test_that_does_not_end_fails(self):
        class Hang(unittest.TestCase):
            """A test that does not end.

            It is in a function, so the loader of the tests does not find it.
            """

            LIMIT = 0.01

            def runTest(self):
                """Wait for a process that does not end."""
                subprocess.run(["sleep", "1000"], check=True)

        out = io.StringIO()
        ended = run_tests.Ktap(Writer(out, 1))
        Hang().run(ended)
        self.assertIn("the test did not end by itself", out.getvalue())
        self.assertGreaterEqual(max(ended.seconds.values()), Hang.LIMIT)
        self.assertIn("not ok 1 ", out.getvalue())
