# SPDX-License-Identifier: GPL-2.0
"""Tests of the check for long Python functions"""

import subprocess

from tests.base import TOOLS, Scratch


class FunctionLength(Scratch):
    """The check of a file that has a function inside a method."""

    def check(self, lines):
        """Check a method of @lines lines; return the status and the output."""
        path = self.scratch / "long.py"
        body = "            x = 1\n" * (lines - 2)
        path.write_text(
            "class A:\n"
            "    def method(self):\n"
            f"        def inner():\n{body}"
        )
        done = subprocess.run(
            [TOOLS / "function_length.py", path],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def test_function_at_the_limit_passes(self):
        self.assertEqual(self.check(50), (0, ""))

    def test_longer_function_is_named_with_its_length_and_the_limit(self):
        self.assertEqual(
            self.check(51),
            (
                1,
                f"{self.scratch}/long.py:2: method() has 51 lines: split it into "
                "functions of 50 lines or fewer\n",
            ),
        )
