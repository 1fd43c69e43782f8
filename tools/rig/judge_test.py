# SPDX-License-Identifier: GPL-2.0
"""Tests of what KTAP documents mean"""

import results
from rig.base import KSRC, Scratch


class Judge(Scratch):
    """What KTAP documents mean."""

    def judge(self, *lines, missing=()):
        """Judge a document; return the errors and the failed tests."""
        (self.scratch / "ktap").write_text(
            "".join(f"{line}\n" for line in ("KTAP version 1",) + lines)
        )
        errors = results.judge(self.scratch, KSRC, missing=missing)
        return errors, results.failures(self.scratch)

    def test_pass_is_green(self):
        self.assertEqual(self.judge("1..1", "ok 1 fact"), ([], []))

    def test_failure_is_red(self):
        self.assertEqual(
            self.judge("1..1", "not ok 1 fact"), ([], ["tests.fact"])
        )

    def test_zero_tests_are_red(self):
        errors, _ = self.judge("1..0")
        self.assertIn("no test ran", errors)

    def test_no_document_is_red(self):
        (self.scratch / "ktap").write_text("")
        self.assertIn("no test ran", results.judge(self.scratch, KSRC))

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
