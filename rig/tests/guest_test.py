# SPDX-License-Identifier: GPL-2.0
"""Tests that boot real guests in QEMU"""

import os
import shutil
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.base import HERE, KERNEL, PASS, WORK

# The job of each guest, a shell script.
JOBS = {
    "panic": f"printf '{PASS}\\n'; echo c >/proc/sysrq-trigger",
    "end": (
        f"printf '{PASS}\\n'; echo '<4>WARNING: x' >/dev/kmsg; "
        "until read -r busy own </run/pulse/now; do :; done 2>/dev/null; "
        '[ "$busy" -gt 0 ] && [ "$own" -ge 0 ] && exit 3'
    ),
    "alone": (
        f"printf '{PASS}\\n'; echo 0 >/sys/devices/system/cpu/cpu1/online"
    ),
}
CPUS = {"alone": "2"}


def run_guest(name, scratch):
    """Run a job of JOBS; return the exit status, run.json, and the heartbeat.

    The heartbeat is what the guest wrote to the directory that it shares with
    the host.
    """
    done = subprocess.run(
        [
            str(HERE / "vm.py"),
            "run",
            str(KERNEL.path),
            str(scratch / name),
            "--cpus",
            CPUS.get(name, "1"),
            "--",
            "sh",
            "-c",
            JOBS[name],
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    heartbeat = scratch / name / "pulse-1/guest"
    return (
        done.returncode,
        (scratch / name / "run.json").read_text(),
        heartbeat.read_text() if heartbeat.exists() else "",
    )


class Guest(unittest.TestCase):
    """Guests that run all jobs at the same time, before the first test."""

    ended: dict[str, tuple[int, str, str]]

    @classmethod
    def setUpClass(cls):
        scratch = Path(tempfile.mkdtemp(prefix="rig-", dir=WORK))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            ended = pool.map(lambda name: run_guest(name, scratch), JOBS)
        cls.ended = dict(zip(JOBS, ended))
        shutil.rmtree(scratch)

    def check_red(self, name, reason):
        """Check that the run of @name failed, with @reason in run.json."""
        status, said, _ = self.ended[name]
        self.assertNotEqual(status, 0)
        self.assertIn(reason, said)

    def test_panic_is_red(self):
        self.check_red("panic", "Kernel panic")
        self.check_red("panic", "before its job was done")

    def test_warning_in_the_log_is_red(self):
        self.check_red("end", "kernel log: ")

    def test_guest_and_host_tell_each_other_that_they_live(self):
        """The job ends with status 3 after it has read the host's state.

        The host has read the guest's uptime, the heartbeat.
        """
        self.check_red("end", "ended with status 3")
        self.assertRegex(self.ended["end"][2], r"^\d+\.\d+\n$")

    def test_failed_job_is_red(self):
        self.check_red("end", "ended with status 3")

    def test_lack_of_a_processor_is_red(self):
        self.check_red("alone", "has found 1 of 2 processors")
