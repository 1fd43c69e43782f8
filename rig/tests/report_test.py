# SPDX-License-Identifier: GPL-2.0
"""Tests of the report on runs that failed

A screen is the text that a user sees first, in rig/tests/screens/NAME.txt.
The other files there are from real runs, shortened: KTAP documents, and the
logs of kernels and of QEMU.
"""

import contextlib
import io
import os
import re
import shutil
import subprocess
from unittest import mock
from xml.etree import ElementTree

import replay_mutants
import report
import results
from tests.base import HERE, KSRC, PROJECT
from tests.screen_test import SCREENS, Screens

# The option for debug information with which tools/modules compiles the modules.
DEBUG = re.search(
    r"KCFLAGS='(-g\S*)", (PROJECT / "tools/modules").read_text()
)[1]
BODY = "{ return p[0] + p[1] * p[2] + p[3] * p[4]; }"
FILES = {"ktap": "ktap", "console": "console.log", "qemu": "qemu.log"}


class Reports(Screens):
    """The first screen of the report on a failed run."""

    def setUp(self):
        super().setUp()
        here = mock.patch.dict(
            os.environ, {"O": str(self.scratch), "KDIR": ""}
        )
        here.start()
        self.addCleanup(here.stop)

    def run_of(self, name, run, *errors):
        """Make the run @run from the files of the screen @name; judge it."""
        path = self.scratch / "results" / run
        path.mkdir(parents=True)
        (path / "ktap").touch()
        for suffix, file in FILES.items():
            if (SCREENS / f"{name}.{suffix}").exists():
                shutil.copy(SCREENS / f"{name}.{suffix}", path / file)
        results.judge(path, KSRC, errors=errors)
        return report.Run(path)

    def reported(self, name, run, *errors):
        """Check that a run's report is the screen @name; return the run."""
        run = self.run_of(name, run, *errors)
        self.check_screen(name, "\n".join(report.wrapped(report.tell(run))))
        return run

    def built(self, kernel, module, *functions, body=BODY, before=""):
        """Build a .ko file for @kernel, in which a splat's lines are found.

        Its functions are at the lines 11, 21 and so on of the source.
        """
        source = self.scratch / "source.c"
        source.write_text(
            before
            + "".join(
                f'#line {number}1 "/home/me/modules/hello/{module}.c"\n'
                f"int {function}(int *p) {body}\n"
                for number, function in enumerate(functions, 1)
            )
        )
        modules = self.scratch / "modules" / kernel
        modules.mkdir(parents=True)
        subprocess.run(
            ["gcc", DEBUG, "-c", "-o", modules / f"{module}.ko", source],
            check=True,
        )

    def failed(self, run):
        """Return the sum of the column "failed" in the table of a run."""
        return sum(row[3] for row in run.rows())

    def test_failed_kselftests(self):
        run = self.reported("kselftest", "kselftest-stock-6.12")
        self.assertEqual(self.failed(run), 2)

    def test_kselftest_that_aborts_is_told_with_what_it_said(self):
        self.reported("abort", "kselftest-debug-6.12")

    def test_kselftest_of_a_module_that_is_not_built(self):
        self.reported("not-built", "kselftest-stock-6.12")

    def test_junit_says_the_same(self):
        run = self.run_of("kselftest", "kselftest-stock-6.12")
        junit = ElementTree.parse(run.path / "junit.xml")
        text = junit.find("testsuite/testcase/failure").text
        self.assertIn(
            "\n".join(text.splitlines()), ("\n".join(report.tell(run)))
        )
        self.assertIn("selftests/hello/hello-1_test.c:", text)

    def test_first_ten_of_many_failed_kselftests(self):
        document = (SCREENS / "kselftest.ktap").read_text()
        start, end = document.index("        #  RUN"), document.index(
            "    not ok 1"
        )
        lines = [
            line
            for number in range(1, 49)
            for line in (
                f"        # file.c:{number}:reads:Expected 0 (0) == x ({number})",
                f"        not ok {number} file.reads_{number}",
            )
        ]
        path = self.scratch / "results/kselftest-stock-6.12"
        path.mkdir(parents=True)
        plan = document[:start].replace("        1..4", "        1..48")
        (path / "ktap").write_text(
            plan + "\n".join(lines) + "\n" + document[end:]
        )
        results.judge(path, KSRC)
        told = list(report.tell(report.Run(path)))
        self.assertEqual(len(told), 2 + 10 * 3 + 1)
        self.assertEqual(
            told[-1], "and 38 more: rig/report.py --all kselftest-stock-6.12"
        )

    def check_lost(self, log):
        """Check that a run without results gets its reason from @log.

        The stage or rig/kernel wrote the reason to this log.
        """
        said = "modproof: cannot fetch it: try again"
        (self.scratch / "log").mkdir(exist_ok=True)
        (self.scratch / "log" / log).write_text(f"[   3 s] fetching\n{said}\n")
        run = report.Run(self.scratch / "results/kselftest-stock-6.1")
        self.assertEqual(
            list(report.tell(run)), [f"kselftest-stock-6.1: {said}"]
        )

    def test_run_that_ended_early_has_its_reason(self):
        self.check_lost("kselftest-stock-6.1-said.log")

    def test_run_without_its_kernel_has_the_reason(self):
        self.check_lost("stock-6.1-said.log")

    def test_reason_is_that_of_the_last_run(self):
        earlier = self.scratch / "log/kselftest-stock-6.1-said.log"
        earlier.parent.mkdir()
        earlier.write_text("modproof: an earlier one\n")
        os.utime(earlier, (1, 1))
        self.check_lost("stock-6.1-said.log")

    def test_failed_kunit_cases(self):
        self.reported("kunit", "kunit-uml")

    def test_failed_session(self):
        self.reported("session", "demo-stock-6.12")

    def test_failed_fuzz_target(self):
        self.reported("fuzz", "host")

    def complained(self, name, kernel, *errors, times=1):
        """Check the screen of a complaint, which counts as @times failures."""
        run = self.reported(name, f"kselftest-{kernel}", *errors)
        self.assertEqual(self.failed(run), times)

    def test_oops(self):
        self.built("stock-6.12", "hello-2", "hello_2_init")
        self.complained(
            "oops", "stock-6.12", "the guest ended without its verdict"
        )

    def test_warning(self):
        self.built("stock-6.12", "hello-1", "hello_1_init")
        self.complained(
            "warn", "stock-6.12", "the guest ended without its verdict"
        )

    def test_hang(self):
        last = (SCREENS / "hang.ktap").read_text().splitlines()[-1]
        self.complained("hang", "stock-6.12", last.partition(" # ")[2])

    def test_stall_in_what_a_header_has(self):
        """The report names the test and the program that did not end."""
        kernel = self.scratch / "kernels/stock-6.12"
        kernel.mkdir(parents=True)
        header = kernel / "processor.h"
        header.write_text(
            "static inline __attribute__((always_inline))\n"
            "int relax(volatile int *p) { return *p + *p; }\n"
        )
        self.built(
            "stock-6.12",
            "hello-2",
            "hello_2_init",
            body="{ return relax(p); }",
            before=f'#include "{header}"\n',
        )
        last = (SCREENS / "stall.ktap").read_text().splitlines()[-1]
        self.reported(
            "stall", "kselftest-stock-6.12", last.partition(" # ")[2]
        )

    def test_kasan(self):
        self.built("debug-6.12", "hello-2", "hello_2_init", "hello_2_exit")
        self.complained(
            "kasan", "debug-6.12", "the guest ended without its verdict"
        )

    def test_lockdep(self):
        self.built("debug-6.12", "hello-2", "hello_2_init", "hello_2_exit")
        self.complained("lockdep", "debug-6.12")

    def test_leak(self):
        self.built(
            "debug-6.12",
            "hello-2",
            "hello_2_init",
            body='{ asm("call __kmalloc_cache_noprof"); }',
            before='__attribute__((naked, section(".init.text")))\n',
        )
        self.complained("leak", "debug-6.12", times=2)

    def report_of(self, name, killed_by, build="", said=()):
        """Check that the report on a mutant is the screen @name."""
        row = [
            "FULLEX-1",
            "what was wrong",
            "kunit/deque_kunit.c:x, a_test.c:y",
            f"stock-6.12{build}",
        ]
        path = PROJECT / "selftests/proc/mutants" / "FULLEX-1.patch"
        mutant = replay_mutants.Mutant(path, row)
        mutant.killed_by, mutant.said = killed_by, said
        with contextlib.redirect_stdout(io.StringIO()) as out:
            self.assertEqual(replay_mutants.report([mutant]), 1)
        self.check_screen(name, out.getvalue())

    def test_mutant_that_lives(self):
        self.report_of("mutant", "")

    def test_mutant_that_does_not_build(self):
        log = SCREENS / "build-lib.txt"
        said = log.read_text().splitlines()[:-1]
        self.report_of("mutant-build", "build", said=said)

    def test_guest_that_does_not_start(self):
        self.reported(
            "no-guest", "kselftest-stock-6.12", "QEMU ended with status 1"
        )

    def test_uml_that_does_not_start(self):
        self.reported("no-uml", "kunit-uml")
