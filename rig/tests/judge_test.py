# SPDX-License-Identifier: GPL-2.0
"""Tests of results.judge(), which finds the failures of a KTAP document"""

import json
from xml.etree import ElementTree

import report
import results
from tests.base import KSRC, Scratch


class Judge(Scratch):
    """The judgement of KTAP documents."""

    def judge(self, *lines, missing=(), source=None):
        """Judge a document of these lines; return errors and failed tests."""
        (self.scratch / "ktap").write_text(
            "".join(f"{line}\n" for line in ("KTAP version 1",) + lines)
        )
        errors = results.judge(
            self.scratch, source or self.scratch, missing=missing
        )
        return errors, results.failures(self.scratch)

    def test_pass_is_green(self):
        self.assertEqual(self.judge("1..1", "ok 1 fact"), ([], []))

    def test_no_kernel_source_is_needed(self):
        (self.scratch / "ktap").write_text("KTAP version 1\n1..1\nok 1 a\n")
        self.assertEqual(results.judge(self.scratch, None), [])

    def test_failure_is_red(self):
        self.assertEqual(
            self.judge("1..1", "not ok 1 fact"), ([], ["tests.fact"])
        )

    def test_zero_tests_are_red(self):
        errors, _ = self.judge("1..0")
        self.assertIn("no test ran", errors)

    def test_no_document_is_red(self):
        (self.scratch / "ktap").write_text("")
        self.assertIn("no test ran", results.judge(self.scratch, self.scratch))

    def test_missing_result_is_red(self):
        errors, failed = self.judge("1..2", "ok 1 fact")
        self.assertTrue(errors or failed)

    def test_unexpected_skip_is_red(self):
        errors, _ = self.judge("1..2", "ok 1 fact", "ok 2 gpio # SKIP no chip")
        self.assertEqual(errors, ["unexpected SKIP: gpio: no chip"])

    def test_skip_for_a_present_symbol_is_red(self):
        errors, _ = self.judge(
            "1..1", "ok 1 gpio # SKIP needs CONFIG_GPIO_SIM", missing={"KCOV"}
        )
        self.assertEqual(len(errors), 1)

    def test_skip_for_a_missing_symbol_is_allowed(self):
        self.assertEqual(
            self.judge(
                "1..2",
                "ok 1 fact",
                "ok 2 gpio # SKIP needs CONFIG_GPIO_SIM",
                missing={"GPIO_SIM"},
            ),
            ([], []),
        )

    def test_each_way_to_skip_without_a_symbol_is_red(self):
        for line, said in (
            ("ok 1 two words # SKIP no chip", "two words: no chip"),
            ("ok 1 # SKIP no chip", "test 1: no chip"),
            ("ok 1 gpio # skip no chip", "gpio: no chip"),
            ("ok 1 gpio #SKIP", "gpio: no reason given"),
            ("not ok 1 gpio # SKIP no chip", "gpio: no chip"),
            ("ok 1 gpio # SKIP needs CONFIG_KCOV", "gpio: needs CONFIG_KCOV"),
        ):
            with self.subTest(line):
                errors, _ = self.judge("1..1", line, missing={"FOO"})
                self.assertEqual(errors, [f"unexpected SKIP: {said}"])

    def test_skip_of_a_whole_program_has_its_reason(self):
        lines = (
            *("1..1", "    TAP version 13"),
            *("    1..0 # SKIP needs CONFIG_FOO", "ok 1 program # SKIP"),
        )
        self.assertEqual(self.judge(*lines, missing={"FOO"}), ([], []))
        errors, _ = self.judge(*lines)
        self.assertEqual(
            errors, ["unexpected SKIP: program: needs CONFIG_FOO"]
        )

    def test_skip_that_does_not_tell_what_it_skips_is_red(self):
        errors, _ = self.judge(
            *("1..1", "    TAP version 13", "    1..1", "    ok 1 one"),
            "ok 1 program # SKIP",
        )
        self.assertEqual(errors, ["unexpected SKIP: program: no reason given"])

    def test_all_forms_of_the_results_agree(self):
        self.judge(
            *("1..1", "    TAP version 13", "    1..3", "    ok 1 one"),
            *("    ok 2 two # SKIP needs CONFIG_FOO", "    ok 3 a\x1bb"),
            "not ok 1 program # killed by signal 11",
            missing={"FOO"},
            source=KSRC,
        )
        rows = list(report.Run(self.scratch).rows())
        self.assertEqual(rows, [(self.scratch.name, "program", 2, 1, 1, None)])
        suite = ElementTree.parse(self.scratch / "junit.xml").find("testsuite")
        figures = [suite.get(key) for key in ("tests", "failures", "skipped")]
        self.assertEqual(figures, ["4", "1", "1"])
        self.assertEqual(
            suite.find("testcase/failure").get("message"),
            "killed by signal 11",
        )
        document = json.loads((self.scratch / "kunit.json").read_text())
        self.assertEqual(len(document["sub_groups"]), 1)

    def test_error_of_a_run_is_a_failure_in_junit_xml(self):
        errors, _ = self.judge("1..2", "ok 1 fact")
        suites = ElementTree.parse(self.scratch / "junit.xml").getroot()
        told = [failure.get("message") for failure in suites.iter("failure")]
        self.assertEqual(told, errors)
        self.assertEqual(suites.find("testsuite").get("failures"), "1")

    def test_document_that_kunit_py_never_ends_is_left(self):
        source = self.scratch / "source"
        (source / "tools/testing/kunit").mkdir(parents=True)
        (source / "tools/testing/kunit/kunit.py").write_text("while 1: pass")
        results.write_json(self.scratch, source, seconds=1)
        self.assertFalse((self.scratch / "kunit.json").exists())

    def test_splats_are_found(self):
        for line in (
            "BUG: KASAN: slab-use-after-free in f+0x1/0x2",
            "WARNING: possible circular locking dependency detected",
            "INFO: task cat:42 blocked for more than 120 seconds.",
            "unreferenced object 0xffff888003e8d000 (size 32):",
        ):
            self.assertEqual(
                results.splats(f"[    1.0] fine\n{line}\n"), [line]
            )
