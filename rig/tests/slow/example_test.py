# SPDX-License-Identifier: GPL-2.0
"""Tests of modproof as a user runs it, on a module that does not know it

The rig is installed in a directory of its own, in which the user cannot write.
"""

import os
import shutil
import subprocess
import unittest
from pathlib import Path

from tests.base import HERE, KERNEL, PROJECT, WORK, Scratch

USER = 65534


def debug_headers():
    """Return the headers of the debug kernel; build it if it is missing."""
    kernel = subprocess.run(
        [HERE / "kernel", "get", "debug-6.12"],
        env=os.environ | {"O": str(WORK)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout.strip()
    return Path(kernel) / "headers"


class Example(Scratch):
    """examples/counter in the home of a plain user."""

    def setUp(self):
        super().setUp()
        os.chmod(self.scratch, 0o755)
        prefix = self.scratch / "prefix"
        subprocess.run(
            [HERE / "install", prefix], stdout=subprocess.DEVNULL, check=True
        )
        self.modproof = prefix / "bin/modproof"
        self.home = self.scratch / "home"
        self.counter = self.home / "a counter"
        shutil.copytree(PROJECT / "examples/counter", self.counter)
        kernels = self.home / "cache/kernels"
        kernels.mkdir(parents=True)
        (kernels / KERNEL.path.name).symlink_to(KERNEL.path)
        if not os.geteuid():
            for path in [self.home, *self.home.rglob("*")]:
                os.chown(path, USER, USER, follow_symlinks=False)

    def check(self, kernel, directory=None, verb="check"):
        """Run modproof in a directory; return its status and output."""
        done = subprocess.run(
            [self.modproof, verb, "--kernel", kernel],
            cwd=directory or self.counter,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.home),
                "MODPROOF_CACHE": str(self.home / "cache"),
            },
            user=None if os.geteuid() else USER,
            group=None if os.geteuid() else USER,
            extra_groups=None if os.geteuid() else [],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def files(self):
        """Return the user's files with their contents."""
        return {path: path.read_bytes() for path in self.counter.iterdir()}

    def test_stock_kernel_shows_no_mistake(self):
        before = self.files()
        status, said = self.check(KERNEL.path.name)
        self.assertEqual(status, 0, said)
        self.assertRegex(
            said, rf"\ncounter +{KERNEL.path.name} +(ok +){{7}}-\n"
        )
        self.assertEqual(self.files(), before)

    def test_debug_kernel_shows_the_line_of_the_mistake(self):
        status, said = self.check(debug_headers())
        self.assertEqual(status, 1, said)
        source = (self.counter / "counter.c").read_text().splitlines()
        line = 1 + next(n for n, l in enumerate(source) if "kasprintf" in l)
        self.assertIn("use: BUG: sleeping function called", said)
        # The kernel of a directory is the project's own, and not shared.
        shared = {p.name for p in (self.home / "cache/kernels").iterdir()}
        self.assertEqual(shared, {KERNEL.path.name})
        self.assertIn(f"at:       counter.c:{line} in counter_open+", said)

    def test_coverage_has_a_line_for_the_source(self):
        status, said = self.check(debug_headers(), verb="coverage")
        self.assertEqual(status, 0, said)
        self.assertRegex(
            said, r"\ncounter.c +\S+ % of lines +\S+ % of branches\n"
        )

    def test_module_that_panics_leaves_the_others_to_another_guest(self):
        source = (self.counter / "counter.c").read_text()
        (self.counter / "panics.c").write_text(
            source.replace('"counter"', '"panics"').replace(
                "spin_lock(&counter_lock);",
                'spin_lock(&counter_lock);\n\tpanic("on purpose");',
            )
        )
        with open(self.counter / "Makefile", "a", encoding="utf-8") as out:
            out.write("obj-m += panics.o\n")
        status, said = self.check(KERNEL.path.name)
        self.assertEqual(status, 1, said)
        self.assertRegex(said, r"\ncounter +\S+ +(ok +){7}-\n")
        self.assertRegex(said, r"\npanics +\S+ +ok +ok +FAILED +-")
        self.assertIn("Kernel panic - not syncing: on purpose", said)

    def test_directory_without_a_module(self):
        empty = self.home / "empty"
        empty.mkdir()
        status, said = self.check(KERNEL.path.name, empty)
        self.assertEqual(status, 2, said)
        self.assertEqual(len(said.splitlines()), 1, said)
        self.assertFalse((self.home / "cache/projects").exists())
