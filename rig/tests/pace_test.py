# SPDX-License-Identifier: GPL-2.0
"""Tests of timeouts, which must not expire too early on a busy host"""

import contextlib
import io
import os
import subprocess
import time
from unittest import mock

import guest_pool
import pace
from tests.base import HERE, Scratch


class Pace(Scratch):
    """The pace of a process with a fake schedstat file."""

    def spend(self, **tasks):
        """Write a fake schedstat file for each task.

        A task's value is how many milliseconds it has run and waited.
        """
        for task, (ran, waited) in tasks.items():
            stat = self.scratch / "1/task" / task / "schedstat"
            stat.parent.mkdir(parents=True, exist_ok=True)
            stat.write_text(f"{ran}000000 {waited}000000 9\n")

    def pace(self, *seconds, **spent):
        """Return a Pace on which look() was called at each of @seconds.

        @spent are the tasks, as for spend().
        """
        self.spend(**spent)
        found = pace.Pace(1, 0, proc=self.scratch)
        for second in seconds:
            found.look(second)
        return found

    def test_quiet_host_leaves_all_time(self):
        found = self.pace(1, one=(900, 10))
        self.assertAlmostEqual(found.own, 0.989, places=3)
        self.assertEqual(str(found), "the host was not busy")

    def test_busy_host_stops_the_clock(self):
        found = self.pace(1, one=(100, 700), two=(100, 700))
        self.assertAlmostEqual(found.own, 1 / 8)
        self.assertIn("all took 8.0 times as long", str(found))

    def test_process_that_sleeps_has_all_time(self):
        self.assertEqual(self.pace(1, 2, 3, one=(0, 0)).own, 3)

    def test_process_without_a_run_queue_has_all_time(self):
        self.assertEqual(self.pace(1, 2, 3).own, 3)

    def test_what_was_spent_before_counts_once(self):
        found = self.pace(1, one=(100, 700))
        self.spend(one=(1100, 700))
        found.look(2)
        self.assertAlmostEqual(found.own, 1 / 8 + 1)

    def test_pace_fades(self):
        found = self.pace(1, one=(100, 700))
        for second in range(2, 12):
            self.spend(one=(1000 * second, 700))
            found.look(second)
        self.assertEqual(str(found), "the host was not busy")

    def test_time_in_which_all_was_stopped_does_not_count(self):
        self.assertLess(self.pace(1, 3600).own, 10)


class Busy:
    """A stand-in for Pace: a busy host whose time passes fast.

    Everything seems to take 7.5 times as long.
    """

    def __init__(self, *_):
        self.own = 0
        self.busy = 7.5

    def look(self, _):
        """Add two seconds to the own time, however much time has passed."""
        self.own += 2

    def __str__(self):
        return "the host was busy"


class Guest(Scratch):
    """Guests that are shell scripts, with Busy as their Pace."""

    def serve(self, script, patience=600):
        """Run a script as a guest; return its errors and the document."""
        document = guest_pool.Document(self.scratch, ["area"])
        pulse = self.scratch / "pulse"
        guest = guest_pool.Guest(
            ["sh", "-c", f"cd {pulse}; {script}"], document, pulse=pulse
        )
        with (
            contextlib.redirect_stdout(io.StringIO()),
            mock.patch("guest_pool.TICK", 0.01),
            mock.patch("guest_pool.Pace", Busy),
        ):
            guest_pool.serve([guest], patience)
        return guest.errors, (self.scratch / "ktap").read_text().splitlines()

    BEGIN = "echo modproof: next; read -r area; echo '    ok 1 first'; "
    # This loop uses only commands of the shell itself, because another process
    # would outlive the guest.
    LIVES = "while echo beat >>guest; do :; done"

    def test_kernel_without_a_heartbeat_has_hung(self):
        errors, ktap = self.serve(
            f"{self.BEGIN} echo 1 >guest; exec sleep 1000"
        )
        self.assertEqual(
            errors,
            [
                "the kernel hung: it is without a heartbeat for 60 s of its "
                'own time, in area after "ok 1 first"; the host was busy'
            ],
        )
        self.assertRegex(ktap[-1], "^not ok 1 area # the kernel hung: ")

    def test_job_of_a_guest_that_lives_has_hung(self):
        errors, _ = self.serve(f"{self.BEGIN} {self.LIVES}")
        self.assertEqual(
            errors,
            [
                "the job hung: it has printed nothing for 600 s of its own "
                'time, in area after "ok 1 first"; the host was busy'
            ],
        )

    def test_guest_that_does_not_come_up_has_hung(self):
        errors, _ = self.serve("exec sleep 1000")
        self.assertEqual(
            errors,
            [
                "the guest hung: it has printed nothing for 600 s of its own "
                "time; the host was busy"
            ],
        )

    def test_heartbeat_is_no_line_after_the_verdict(self):
        errors, ktap = self.serve(
            "echo ok 1 area; echo modproof: verdict 0; echo 1 >guest"
        )
        self.assertEqual((errors, ktap[-1]), ([], "ok 1 area"))

    def test_guest_is_told_of_the_host(self):
        errors, ktap = self.serve(
            "until [ -e host ]; do :; done; "
            "until [ ${own:-0} -ge 50 ]; do read -r busy own <host; done; "
            "echo '# '$busy; echo modproof: verdict 0"
        )
        self.assertEqual((errors, ktap[-1]), ([], "# 8"))

    def test_who_ran_out_of_time_says_how_busy_the_host_was(self):
        _, ktap = self.serve(
            "echo '        # x.y: Test terminated by timeout'; "
            "echo '        not ok 1 x.y'; "
            "echo '    not ok 1 x # timed out after 45 s'"
        )
        self.assertEqual(
            ktap[2:6],
            [
                "        # the host was busy",
                "        # x.y: Test terminated by timeout",
                "        not ok 1 x.y",
                "    # the host was busy",
            ],
        )


class Limit(Scratch):
    """Tests of rig/guest/limit.  The test writes the own time, not a host."""

    def setUp(self):
        super().setUp()
        self.pulse = self.scratch / "pulse"
        self.pulse.mkdir()
        os.mkfifo(self.pulse / "never")
        self.never = os.open(self.pulse / "never", os.O_RDWR)
        self.tell(100)

    def tearDown(self):
        os.close(self.never)
        super().tearDown()

    def tell(self, own):
        """Write that @own seconds of the guest's own time have passed."""
        new = self.pulse / "new"
        new.write_text(f"8 {own}\n")
        new.replace(self.pulse / "now")
        os.write(self.never, b"\n")

    def limit(self, seconds, *command):
        """Start a command under rig/guest/limit with @seconds."""
        return subprocess.Popen(
            [
                *("busybox", "sh", HERE / "guest/limit"),
                *(str(seconds), self.scratch / "mark"),
                *command,
            ],
            env=os.environ | {"RUN": str(self.scratch)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )

    def test_command_ends_as_it_does(self):
        with self.limit(9, "sh", "-c", "echo said; exit 4") as run:
            self.assertEqual(run.stdout.read(), b"said\n")
        self.assertEqual(run.returncode, 4)
        self.assertFalse((self.scratch / "mark").exists())

    def test_command_has_no_child_of_the_limit(self):
        children = "cat /proc/$$/task/$$/children"
        with self.limit(9, "sh", "-c", f"{children} & wait") as run:
            self.assertEqual(len(run.stdout.read().split()), 1)

    def test_own_time_ends_it(self):
        with self.limit(5, "sh", "-c", "echo; exec sleep 1000") as run:
            run.stdout.readline()
            self.tell(104)
            self.tell(105)
            self.assertEqual(run.wait(), -15)
        self.assertTrue((self.scratch / "mark").exists())

    def test_own_time_that_cannot_be_read_yet(self):
        """The time limit begins when the own time is known, not at 0."""
        (self.pulse / "now").write_text("")
        with self.limit(5, "sh", "-c", "echo; exec sleep 1000") as run:
            time.sleep(0.2)
            self.tell(100)
            run.stdout.readline()
            self.tell(104)
            with self.assertRaises(subprocess.TimeoutExpired):
                run.wait(1.5)
            run.kill()

    def test_who_does_not_end_is_killed(self):
        stays = "trap echo TERM; echo; while :; do read -r _; done"
        with self.limit(5, "sh", "-c", stays) as run:
            run.stdout.readline()
            self.tell(105)
            run.stdout.readline()
            self.tell(110)
            self.assertEqual(run.wait(), -9)

    def test_no_limit(self):
        with self.limit(0, "cat", "/proc/self/stat") as run:
            run.stdout.read()
        self.assertEqual(run.returncode, 0)
