# SPDX-License-Identifier: GPL-2.0
"""Tests that modproof takes this project as it takes any other"""

import os
import subprocess
from pathlib import Path

from tests.base import HERE, KERNEL, KSRC, PROJECT, Scratch


class Own(Scratch):
    """The verbs in the directory of this project."""

    def modproof(self, *words):
        """Run modproof; return its exit status and its output."""
        kernels = self.scratch / "cache/kernels"
        kernels.mkdir(parents=True, exist_ok=True)
        places = {"stock-6.12": KERNEL.path, "source-6.12": Path(KSRC)}
        for name, path in places.items():
            if not (kernels / name).exists():
                (kernels / name).symlink_to(path)
        done = subprocess.run(
            [HERE / "modproof", *words],
            cwd=PROJECT,
            env={
                "PATH": os.environ["PATH"],
                "HOME": os.environ.get("HOME", "/"),
                "MODPROOF_CACHE": str(self.scratch / "cache"),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def test_modules_and_tests(self):
        status, said = self.modproof("check", "--kernel", "stock-6.12")
        self.assertEqual(status, 0, said)
        ko = len(list((PROJECT / "modules").glob("*/Kconfig")))
        self.assertGreater(said.count("  stock-6.12  ok"), 2 * ko)
        lacking = "not for this kernel: the guest lacks a console"
        self.assertRegex(said, rf"kbleds +stock-6.12 +{lacking}")

        words = ("test", ".", "hello/*", "--kernel", "stock-6.12")
        status, said = self.modproof(*words)
        self.assertEqual(status, 0, said)
        self.assertRegex(said, r"hello/hello-5_test +stock-6.12 +ok")
        self.assertIn(" 0 failed", said)
