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
    """Tools that run other tools, which are replaced by fakes."""

    def said_by(self, *command, **environment):
        """Run a tool whose kernel source is empty, as run_tool() does."""
        return self.run_tool(*command, KSRC=str(self.scratch), **environment)

    def errors_of(self, run):
        """Return the errors of a run itself."""
        path = self.scratch / "results" / run / "run.json"
        return json.loads(path.read_text())["errors"]


class Ci(Verdict):
    """.ci/run, with a fake make for all of its steps."""

    def ci(self, script):
        """Run it; return the exit status and the counts."""
        status, said = self.said_by(
            PROJECT / ".ci/run", PATH=self.fake("make", script)
        )
        return status, said.splitlines()[-1]

    def test_steps_that_pass_are_green(self):
        status, counts = self.ci(f"echo {GREEN}")
        self.assertEqual(status, 0)
        self.assertEqual(counts, "21 passed, 0 failed, 0 skipped")

    def test_each_step_that_fails_counts(self):
        """Its last line may lack the newline, or look like a status."""
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
    """tools/run, with fakes for all tools but the ones that judge."""

    def kunit(self, document, status):
        """Have the suites end so; return the exit status and the output."""
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
    """results.py collect, and the tools that make documents on the host."""

    def collect(self, document):
        """Collect the document of a tool that failed; return the errors."""
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
    """Scripts that run in a guest, and what merges guests' output."""

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
        """This holds even if its guest must do everything again."""
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
    """The run of the rig's own tests."""

    def test_test_that_does_not_end_fails(self):
        class Hang(unittest.TestCase):
            """The loader does not find this: it is in a function."""

            LIMIT = 0.01

            def runTest(self):
                """Wait for a process that does not end."""
                subprocess.run(["sleep", "1000"], check=True)

        out = io.StringIO()
        Hang().run(run_tests.Ktap(Writer(out, 1)))
        self.assertIn("the test did not end by itself", out.getvalue())
        self.assertIn("not ok 1 ", out.getvalue())
