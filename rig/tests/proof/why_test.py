# SPDX-License-Identifier: GPL-2.0
"""Tests that modproof why says what real kernels say"""

import os
import re
import subprocess
import sys
import unittest

from tests.base import HERE, KERNEL, Scratch
from tests.why_test import build

PROVE = HERE / "tests/why/prove.py"
NAMES = "stock-6.12", "stock-6.1"
KERNELS = [KERNEL.path.parent / name for name in NAMES]


class Agreement(Scratch):
    """The proof, with the kernels of Debian."""

    # Some forty guests boot.
    LIMIT = 3600

    def prove(self, *args):
        """Run the proof; check that no case differs, and return its output."""
        program = build(self.scratch / "program")
        done = subprocess.run(
            [sys.executable, str(PROVE), "--why", str(program), *args],
            env=os.environ | {"O": str(self.scratch)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(re.findall(r"^.*# SKIP.*$", done.stdout, re.M), [])
        return done.stdout

    def setUp(self):
        super().setUp()
        for kernel in KERNELS:
            if not (kernel / "release").exists():
                raise unittest.SkipTest(f"{kernel} is not there: make kernel")

    def test_cases(self):
        said = self.prove(*map(str, KERNELS))
        self.assertRegex(said, r"\n# \d{4,} agree \(")

    def test_packages(self):
        for first in KERNELS:
            for second in KERNELS:
                with self.subTest(first=first.name, second=second.name):
                    self.prove("--pairs", str(first), str(second))

    def test_own_modules(self):
        self.prove("--own", *map(str, KERNELS))
