# SPDX-License-Identifier: GPL-2.0
"""What the tests of the rig share"""

import os
import shutil
import tempfile
import unittest
from pathlib import Path

import results
import vm

HERE = Path(vm.__file__).resolve().parent
PROJECT = HERE.parent
WORK = results.build_dir()
# The kernel that guests boot; see tools/rig_test.py.
KERNEL = vm.Kernel(os.environ["RIG_KERNEL"])
KSRC = os.environ["KSRC"]
PASS = "KTAP version 1\\n1..1\\nok 1 fact"


class Scratch(unittest.TestCase):
    """A test with a directory of its own."""

    def setUp(self):
        self.scratch = Path(tempfile.mkdtemp(prefix="rig-", dir=WORK))

    def tearDown(self):
        shutil.rmtree(self.scratch)

    def fake(self, name, script):
        """A PATH on which @name is @script."""
        path = self.scratch / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return f"{self.scratch}:{os.environ['PATH']}"
