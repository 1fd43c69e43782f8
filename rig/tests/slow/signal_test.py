# SPDX-License-Identifier: GPL-2.0
"""Tests that a signal ends all processes of a run, and the next run works"""

import os
import select
import signal
import subprocess
import time

from tests.base import Scratch, make, take_all

# A script that starts processes that are hard to end: in the background, in a
# separate session, stopped, orphaned, and one that ignores SIGTERM and other
# signals.
STARTS = (
    "sleep 1000 & setsid sleep 1000 & "
    "sh -c 'kill -STOP $$; sleep 1000' & (sleep 1000 & ) ; "
    "sh -c 'trap \"\" TERM HUP INT QUIT; while :; do sleep 1000; done' & "
)


class Signals(Scratch):
    """Tests that send a signal to make or to the process group of a run."""

    def setUp(self):
        super().setUp()
        os.mkfifo(self.scratch / "started")
        self.project = self.house(
            run=f"case $1 in modules) {STARTS} echo >{self.scratch}/started; "
            "sleep 1000 ;; esac"
        )
        self.started = os.open(self.scratch / "started", os.O_RDWR)

    def tearDown(self):
        os.close(self.started)
        super().tearDown()

    def start(self, command="exec make modules"):
        """Start a run; return its process, and a pipe.

        The pipe is readable when all processes of the run have ended.
        """
        alive, inherited = os.pipe()
        process = subprocess.Popen(
            ["sh", "-c", command],
            cwd=self.project,
            env={"PATH": os.environ["PATH"]},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[inherited],
            process_group=0,
            preexec_fn=take_all,
        )
        os.close(inherited)
        os.read(self.started, 1)
        return process, alive

    def check_ends(self, process, alive, pid, number):
        """Send the signal @number to @pid; check that all processes end.

        Check also that the next run of make works.
        """
        begun = time.monotonic()
        os.kill(pid, number)
        ended, _, _ = select.select([alive], [], [], 300)
        took = time.monotonic() - begun
        os.close(alive)
        self.assertTrue(ended, "processes are left")
        self.assertNotEqual(process.wait(timeout=300), 0)
        self.assertEqual(make(self.project, "clean").returncode, 0)
        # The processes get one second to end before SIGKILL; allow two
        # seconds, and more on a busy host.  With each step of niceness, this
        # process gets a fifth less of a processor; see sched(7).
        busy = os.getloadavg()[0] / os.cpu_count() * 1.25 ** os.nice(0)
        self.assertLess(took, 2 * (1 + busy))

    def check_make(self, number):
        """Send a signal to make alone, as a supervisor or a CI system does."""
        process, alive = self.start()
        self.check_ends(process, alive, process.pid, number)

    def test_term(self):
        self.check_make(signal.SIGTERM)

    def test_hangup(self):
        self.check_make(signal.SIGHUP)

    def test_quit(self):
        self.check_make(signal.SIGQUIT)

    def test_kill(self):
        self.check_make(signal.SIGKILL)

    def test_interrupt_of_the_foreground(self):
        """After Ctrl-C, the terminal sends SIGINT to the process group."""
        process, alive = self.start()
        self.check_ends(process, alive, -process.pid, signal.SIGINT)

    def test_hangup_that_is_ignored(self):
        """A run under nohup continues after the terminal is closed."""
        process, alive = self.start("trap '' HUP; exec make modules")
        os.killpg(process.pid, signal.SIGHUP)
        ended, _, _ = select.select([alive], [], [], 0.2)
        self.assertFalse(ended)
        self.check_ends(process, alive, process.pid, signal.SIGTERM)

    def test_what_called_make_goes_on(self):
        """A user's script that runs make must not end with make."""
        script = "make modules & echo $! >pid; wait; echo >{}/started; sleep 9"
        process, alive = self.start(script.format(self.scratch))
        os.kill(int((self.project / "pid").read_text()), signal.SIGTERM)
        os.read(self.started, 1)
        self.assertIsNone(process.poll())
        process.kill()
        self.check_ends(process, alive, -process.pid, signal.SIGTERM)

    def test_end_ends_what_is_in_the_background(self):
        self.project = self.house(
            "other", run="setsid sleep 1000 & exec sh -c 'kill -9 $$'"
        )
        alive, inherited = os.pipe()
        done = make(self.project, "modules", pass_fds=[inherited])
        os.close(inherited)
        self.assertEqual(done.returncode, 2)
        self.assertIn("Error 137", done.stderr)
        self.assertTrue(select.select([alive], [], [], 300)[0])
        os.close(alive)
