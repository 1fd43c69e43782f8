# SPDX-License-Identifier: GPL-2.0
"""Tests of which programs the makefiles of kselftests build for an architecture"""

import subprocess

from tests.base import KSRC, PROJECT, Scratch


class Programs(Scratch):
    """The makefile of a kselftest for another architecture."""

    def programs(self, *words):
        """Return the programs that make would build with these words."""
        done = subprocess.run(
            [
                *("make", "-s", "-C", PROJECT / "selftests/sysfs"),
                *(f"KSRC={KSRC}", f"OUTPUT={self.scratch}", *words),
                *("COLLECTION=x", "emit_tests"),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.split()

    def test_tests_of_32_bits_need_a_compiler_for_them(self):
        for words, expected in (
            ((), True),
            (("CROSS_COMPILE=aarch64-linux-gnu-",), True),
            (("CROSS_COMPILE=s390x-linux-gnu-",), False),
        ):
            with self.subTest(words):
                there = any(
                    "_32_test" in name
                    for name in self.programs(
                        "TESTS_32=call_fault_test", *words
                    )
                )
                self.assertEqual(there, expected)
