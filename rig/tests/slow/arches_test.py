# SPDX-License-Identifier: GPL-2.0
"""Tests of the modules on a kernel of another architecture, as far as one is here

The kernels are not fetched: "make kernel KERNEL=stock-6.12-arm64" does that.
"""

import subprocess

from tests.base import TOOLS, WORK, Scratch

NAMES = "stock-6.12-arm64", "stock-6.1-s390x"


class Arches(Scratch):
    """A stock kernel of Debian that QEMU emulates."""

    def test_area_of_kselftests_holds(self):
        there = [
            WORK / "kernels" / name
            for name in NAMES
            if (WORK / "kernels" / name / "release").exists()
        ]
        if not there:
            self.skipTest(f"none of the kernels {' '.join(NAMES)} is here")
        for kernel in there:
            with self.subTest(kernel.name):
                done = subprocess.run(
                    [TOOLS / "kselftest", kernel, "sysfs"],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    check=False,
                )
                self.assertEqual(done.returncode, 0, done.stdout)
