# SPDX-License-Identifier: GPL-2.0
"""Tests of guests that are restored from a snapshot"""

import contextlib
import io
import os
import shlex
import time
from pathlib import Path

import guest_pool
import vm
from tests.base import KERNEL, Scratch

JOB = """#!/bin/sh
echo "words: $(cat /run/words)"
echo "random: $(od -An -N32 -tx1 /dev/urandom | tr -d ' \\n')"
echo "now: $(date +%s)"
echo "uptime: $(cut -d. -f1 /proc/uptime)"
echo "processors: $(nproc)"
"""


class Restored(Scratch):
    """Guests that are restored, one after the other."""

    def setUp(self):
        super().setUp()
        # Other guests use the snapshots in the usual directory.
        self.addCleanup(setattr, KERNEL, "work", KERNEL.work)
        KERNEL.work = self.scratch / "vm"
        for name in ("modules", "ko"):
            (KERNEL.work / name).mkdir(parents=True)
        self.number = 0

    def start(self, cpus=2):
        """Return a run's directory, and how to start its guest."""
        self.number += 1
        run = self.scratch / f"run-{self.number}"
        run.mkdir()
        (run / "job").write_text(JOB)
        (run / "job").chmod(0o755)
        return run, vm.guest_start(KERNEL, "tcg", run, 0, cpus, False)

    def run_guest(self, run, start):
        """Run a guest; return what the job has printed, by name."""
        document = guest_pool.Document(run)
        with contextlib.redirect_stdout(io.StringIO()):
            errors = vm.boot([start], "tcg", document, 120)
        self.assertEqual(errors, [], (run / "console.log").read_text())
        lines = (run / "ktap").read_text().splitlines()
        return dict(line.split(": ", 1) for line in lines)

    def restored(self, cpus=2):
        """Return a run's directory, and how to restore its guest."""
        run, start = self.start(cpus)
        self.assertIn("-incoming", start.command)
        return run, start

    def save(self, cpus=2):
        """Boot and save a guest; return what its job has printed."""
        run, start = self.start(cpus)
        self.assertNotIn("-incoming", start.command)
        return self.run_guest(run, start)

    def test_clock_and_random_numbers(self):
        zero = self.save()
        one = self.run_guest(*self.restored())
        second_run, second = self.restored()
        before = time.time()
        two = self.run_guest(second_run, second)
        self.assertNotEqual(zero["random"], one["random"])
        self.assertNotEqual(one["random"], two["random"])
        self.assertIn(
            int(two["now"]), range(int(before), int(time.time()) + 2)
        )
        self.assertEqual(two["processors"], "2")
        self.assertIn(f"rig.job={second_run}/job", two["words"])
        console = (second_run / "console.log").read_text()
        self.assertRegex(console, r"Linux version|\] ")

    def test_one_processor(self):
        self.assertEqual(self.save(cpus=1)["processors"], "1")
        two = self.run_guest(*self.restored(cpus=1))
        self.assertEqual(two["processors"], "1")

    def test_broken_snapshot(self):
        """A guest that cannot be restored is booted."""
        self.save()
        run, start = self.restored()
        state = Path(shlex.split(start.command[-1])[-1])
        state.write_bytes(state.read_bytes()[:100000])
        self.assertIn(
            f"rig.job={run}/job", self.run_guest(run, start)["words"]
        )

    def test_other_machine_boots(self):
        self.addCleanup(setattr, KERNEL, "machine", KERNEL.machine)
        KERNEL.machine = vm.Machine(words=["quiet"])
        run, start = self.start()
        self.assertNotIn("-incoming", start.command)
        self.assertIn("quiet", self.run_guest(run, start)["words"].split())

    def test_boot_by_the_environment(self):
        os.environ["RIG_BOOT"] = "1"
        self.addCleanup(os.environ.pop, "RIG_BOOT")
        _, start = self.start()
        self.assertNotIn("-incoming", start.command)
