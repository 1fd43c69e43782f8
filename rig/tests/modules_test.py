# SPDX-License-Identifier: GPL-2.0
"""Tests of which sources tools/modules copies, so that make builds them again"""

import os
import subprocess
import time

from tests.base import PROJECT, Scratch

SOURCE = "lib/part.c"


class ModulesTest(Scratch):
    """A project with one source, a kernel with one symbol, and a fake make."""

    def setUp(self):
        super().setUp()
        self.project = self.scratch / "project"
        for name in ("core", "include", "kunit", "lib", "modules/area"):
            (self.project / name).mkdir(parents=True)
        for name in ("Kbuild", "Kconfig", "kunit/Kconfig", SOURCE):
            (self.project / name).touch()
        (self.project / "modules/area/Kconfig").touch()
        (self.project / "tools").symlink_to(PROJECT / "tools")
        config = self.scratch / "kernel/headers/include/config"
        config.mkdir(parents=True)
        (config / "auto.conf").touch()
        self.copy = self.scratch / "build/modules/kernel"

    def build(self):
        subprocess.run(
            [PROJECT / "tools/modules", "build", self.scratch / "kernel"],
            env=os.environ
            | {
                "PATH": self.fake("make", "exit 0"),
                "srctree": str(self.project),
                "O": str(self.scratch / "build"),
            },
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def test_source_that_was_edited_during_a_build_is_newer_than_its_object(
        self,
    ):
        self.build()
        source = self.project / SOURCE
        source.write_text("int edited;\n")
        # The object, made from the previous copy, is newer than the edit.
        os.utime(source, times=(time.time() - 10,) * 2)
        part = (self.copy / SOURCE).with_suffix(".o")
        part.touch()
        os.utime(part, times=(time.time() - 5,) * 2)
        self.build()
        self.assertEqual("int edited;\n", (self.copy / SOURCE).read_text())
        self.assertGreater(
            (self.copy / SOURCE).stat().st_mtime, part.stat().st_mtime
        )

    def test_source_that_stays_as_it_is_keeps_its_time(self):
        self.build()
        before = (self.copy / SOURCE).stat().st_mtime_ns
        (self.project / SOURCE).touch()
        self.build()
        self.assertEqual(before, (self.copy / SOURCE).stat().st_mtime_ns)
