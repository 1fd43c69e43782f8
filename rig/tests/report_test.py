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

import extras
import replay_mutants
import report
import results
from first_error import near
from tests import page_reader
from tests.base import HERE, KSRC, PROJECT
from tests.screen_test import SCREENS, Screens

# The option for debug information with which tools/modules compiles the modules.
DEBUG = re.search(
    r"KCFLAGS='(-g\S*)", (PROJECT / "tools/modules").read_text()
)[1]
BODY = "{ return p[0] + p[1] * p[2] + p[3] * p[4]; }"
FILES = {"ktap": "ktap", "console": "console.log", "qemu": "qemu.log"}


class Runs(Screens):
    """A test that makes runs of the files of screens."""

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


class Reports(Runs):
    """The first screen of the report on a failed run."""

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

    def junit_of(self, run, **seconds):
        """Return JUnit XML's root of a run's results."""
        results.judge(run.path, KSRC, seconds)
        return ElementTree.parse(run.path / "junit.xml").getroot()

    def test_junit_says_the_same(self):
        run = self.run_of("kselftest", "kselftest-stock-6.12")
        text = self.junit_of(run).find("testsuite/testcase/failure").text
        self.assertIn(
            "\n".join(text.splitlines()), ("\n".join(report.tell(run)))
        )
        self.assertIn("selftests/hello/hello-1_test.c:", text)

    def test_junit_has_what_servers_for_ci_read(self):
        run = self.run_of("kselftest", "kselftest-stock-6.12")
        test = "hello.hello-1_test.hello_1.unload_says_goodbye"
        suite = self.junit_of(run, hello=3.0, **{test: 1.5})[0]
        self.assertEqual(
            dict(suite.items()),
            {"name": "hello", "tests": "4", "failures": "2", "errors": "0"}
            | {"skipped": "0", "time": "3.0"},
        )
        case = suite.find("testcase[failure]")
        self.assertEqual(
            dict(case.items()),
            {
                "classname": "kselftest-stock-6.12.hello",
                "name": test.partition(".")[2],
                "time": "1.50",
                "file": "selftests/hello/hello-1_test.c",
                "line": "36",
            },
        )
        self.assertEqual(
            case.find("failure").get("message"),
            'expected 0 == module_unload("hello-1"), seen -16',
        )
        self.assertIn("terminated by assertion", case.find("system-out").text)

    def test_same_test_on_two_kernels_has_two_classes(self):
        names = {
            case.get("classname")
            for kernel in ("stock-6.12", "latest")
            for case in self.junit_of(
                self.run_of("kselftest", f"kselftest-{kernel}")
            ).iter("testcase")
        }
        self.assertEqual(len(names), 2)

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
            "oops", "stock-6.12", "the guest ended before its job was done"
        )

    def test_warning(self):
        self.built("stock-6.12", "hello-1", "hello_1_init")
        self.complained(
            "warn", "stock-6.12", "the guest ended before its job was done"
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
            "kasan", "debug-6.12", "the guest ended before its job was done"
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


class Pages(Runs):
    """The HTML page of runs."""

    HOSTILE = '</pre><script>alert("x")</script><img src=x onerror=y>'

    def page_of(self, *runs):
        """Write the page of some runs, and read it."""
        with contextlib.redirect_stdout(io.StringIO()) as out:
            report.summary([run.path for run in runs])
        self.said = out.getvalue().splitlines()
        path = self.scratch / "results"
        if len(runs) == 1:
            path = runs[0].path
        self.assertEqual(self.said[-2], f"page: {near(path / 'index.html')}")
        return page_reader.Page(path / "index.html")

    def test_matrix_has_an_area_a_row_and_a_kernel_a_column(self):
        page = self.page_of(
            self.run_of("kselftest", "kselftest-stock-6.12"),
            self.run_of("lockdep", "kselftest-debug-6.12"),
            self.run_of("kunit", "kunit-uml"),
        )
        rows = page.all("section#kernels tr")
        self.assertEqual(
            rows,
            [
                *("stock-6.12 debug-6.12", "all 2 failed of 4 1 failed of 2"),
                *("hello 2 failed of 4 1 ok", "the run itself - 1 failed"),
                *("uml", "deque 2 failed of 4"),
            ],
        )
        total = page.all("p.total b")
        self.assertEqual(self.said[-1], ", ".join(total))

    def test_failure_has_place_values_command_and_log(self):
        page = self.page_of(self.run_of("kselftest", "kselftest-stock-6.12"))
        self.assertEqual(
            page.all("article")[0],
            "hello.hello-1_test.hello_1.unload_says_goodbye on stock-6.12 "
            "at selftests/hello/hello-1_test.c:36 "
            'expected 0 == module_unload("hello-1") seen -16 '
            "again make kselftest TARGETS=hello "
            "TEST=hello-1_test.hello_1.unload_says_goodbye log "
            "# RUN hello_1.unload_says_goodbye ... # hello-1_test.c:36:"
            "unload_says_goodbye:Expected 0 (0) == "
            'module_unload("hello-1") (-16) # unload_says_goodbye: Test '
            "terminated by assertion # FAIL hello_1.unload_says_goodbye",
        )

    def test_failure_has_its_part_of_the_kernels_log(self):
        run = self.run_of("kselftest", "kselftest-stock-6.12")
        (run.path / "console.log").write_text(
            "[    1.0] modproof: hello hello-0_test begins\nbefore\n"
            "[    2.0] modproof: hello hello-1_test begins\nwithin\n"
            "[    3.0] modproof: hello hello-2_test begins\nafter\n"
        )
        log = self.page_of(run).all("article pre")[0].split()
        self.assertIn("within", log)
        self.assertFalse({"before", "after"} & set(log))

    def test_same_failure_on_two_kernels_is_told_once(self):
        page = self.page_of(
            self.run_of("kselftest", "kselftest-stock-6.12"),
            self.run_of("kselftest", "kselftest-latest"),
        )
        self.assertEqual(len(page.all("article")), 2)
        self.assertEqual(page.all("dd.on")[0], "stock-6.12, latest")
        self.assertRegex(page.all("dd.again")[1], " KERNEL=latest$")

    def test_report_of_a_kernel_is_told_with_its_lines(self):
        run = self.run_of("kasan", "kselftest-debug-6.12")
        page = self.page_of(run)
        self.assertIn("KASAN: slab-use-after-free", page.all("article h3")[0])
        self.assertIn("kmalloc-8 of size 8", page.all("article pre")[0])

    def test_text_of_others_is_shown_and_not_run(self):
        path = self.scratch / "results/kselftest-stock-6.12"
        path.mkdir(parents=True)
        bad = self.HOSTILE
        (path / "ktap").write_text(
            f"KTAP version 1\n1..2\n    KTAP version 1\n"
            f"    # Subtest: a{bad}\n    1..2\n    # log {bad}\x1b[1m\n"
            f"    not ok 1 {bad} # why {bad}\n"
            f"    ok 2 skips # SKIP {bad}\nnot ok 1 a{bad}\nok 2 b\n"
        )
        results.judge(path, KSRC, {f"a{bad}": 1.0})
        page = self.page_of(report.Run(path))
        self.assertEqual(len(page.elements("script")), 1)
        self.assertEqual(page.elements("img"), [])
        self.assertIn(f"log {bad}", page.all("article pre")[0])
        self.assertIn(bad, page.all("section#tests th")[2])
        self.assertNotIn("\x1b", (path / "index.html").read_text())

    def test_page_loads_nothing(self):
        page = self.page_of(self.run_of("kselftest", "kselftest-stock-6.12"))
        for path, _ in page.found:
            _, attributes = path[-1]
            self.assertFalse({"src", "srcset"} & set(attributes), path)
            self.assertRegex(attributes.get("href") or "#", "^#")
        policy = page.elements("meta")[1][0][1]["content"]
        self.assertIn("default-src 'none'", policy)

    def test_page_that_cannot_be_written_loses_no_result(self):
        run = self.run_of("kselftest", "kselftest-stock-6.12")
        (run.path / "index.html").mkdir()
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            report.summary([run.path])
        self.assertRegex(said.getvalue(), r"\npage: not written: .*directory")
        self.assertRegex(said.getvalue(), r"\n\d+ passed, \d+ failed, .*\n\Z")

    def test_durations_are_bars(self):
        run = self.run_of("kselftest", "kselftest-stock-6.12")
        test = "hello.hello-1_test.hello_1.load_says_hello"
        results.judge(run.path, KSRC, {"hello": 4.0, test: 2.5})
        page = self.page_of(report.Run(run.path))
        self.assertEqual(page.all("section#seconds tr")[1], "hello 4.0 s")
        self.assertEqual(
            page.all("section#slowest tr"), [f"{test} stock-6.12 2.5 s"]
        )
        width = page.elements("section#slowest i")[0][0][1]["style"]
        self.assertEqual(width, "width:100.0%")

    def test_coverage_and_plots_are_there_if_they_were_made(self):
        run = self.run_of("kselftest", "kselftest-stock-6.12")
        self.assertNotIn("Benchmark", self.page_of(run).all("nav a"))
        coverage = self.scratch / "coverage/summary.json"
        coverage.parent.mkdir()
        coverage.write_text(
            '{"line_percent": 90, "files": '
            '[{"filename": "lib/deque.c", "line_percent": 87.5}]}'
        )
        plot = self.scratch / "bench/stock-6.12/pairs.svg"
        plot.parent.mkdir(parents=True)
        plot.write_text("<svg/>")
        os.utime(plot, (0, 0))
        page = self.page_of(run)
        self.assertIn("lib/deque.c 87.5 %", page.all("section#more0 tr"))
        image = page.elements("section#more1 img")[0][0][1]["src"]
        self.assertEqual(image, "data:image/svg+xml;base64,PHN2Zy8+")
        written = page.all("section#more1 p")
        self.assertEqual(written, ["Measured 1970-01-01 00:00 UTC."])
        newer = plot.with_name("loads.svg")
        newer.write_text("<svg/>")
        os.utime(newer, (86400, 86400))
        written = self.page_of(run).all("section#more1 p")
        self.assertEqual(written, ["Measured 1970-01-02 00:00 UTC."])

    def test_known_defect_has_the_state_of_its_guards(self):
        table = self.scratch / "defects.tsv"
        heads = "\t".join([*extras.DEFECTS, "killed on"])
        table.write_text(
            f"{heads}\nHELLO-1\tbad\t"
            "selftests/hello/hello-1_test.c:unload_says_goodbye, "
            "selftests/suites/x.h:load_says_hello, a.c:other\tlatest\n"
            "\nHELLO-2\tno guard\n"
        )
        run = self.run_of("kselftest", "kselftest-stock-6.12")
        found = extras.defects(table, report.page_of([run]).results)
        path = self.scratch / "page"
        path.write_text(f"<p>{list(found)[0][1]}</p>")
        self.assertEqual(
            page_reader.Page(path).all("td"),
            [
                "bad",
                "unload_says_goodbye 1 of 1 failed load_says_hello ok "
                "other not run",
            ],
        )
