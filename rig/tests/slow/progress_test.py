# SPDX-License-Identifier: GPL-2.0
"""Tests of rig/progress.py, which shows progress if a command is silent"""

import os
import pty
import re
import signal
import subprocess

import progress
from tests.base import HERE, PROJECT, Scratch, take_all


class Progress(Scratch):
    """Tests with a command that waits until the test lets it continue."""

    def setUp(self):
        super().setUp()
        os.mkfifo(self.scratch / "go")
        self.go = os.open(self.scratch / "go", os.O_RDWR)

    def tearDown(self):
        os.close(self.go)
        super().tearDown()

    def run_quietly(self, script, out=subprocess.PIPE, quiet="0.01"):
        """Start a script under rig/progress.py.

        Progress is shown after @quiet seconds without output.
        """
        return subprocess.Popen(
            [HERE / "progress.py", "sh", "-c", script],
            cwd=self.scratch,
            env=os.environ | {"O": str(self.scratch), "MODPROOF_QUIET": quiet},
            stdin=subprocess.DEVNULL,
            stdout=out,
            preexec_fn=take_all,
        )

    def release(self):
        """Let the command continue."""
        os.write(self.go, b"\n")

    def wait_for(self, run, text):
        """Return the first line of the output that contains @text."""
        return next(line for line in run.stdout if text in line)

    WAITS = "echo '[   3 s] building it'; read -r _ <go; "

    def test_file_gets_lines(self):
        with self.run_quietly(f"{self.WAITS} echo built; exit 3") as run:
            shown = self.wait_for(run, b"building it: for ")
            self.release()
            rest = run.stdout.read()
        self.assertRegex(shown, rb"^\[ *\d+ s\] building it: for \d+ s\n")
        self.assertTrue(rest.endswith(b"built\n"))
        self.assertEqual(run.returncode, 3)

    def test_command_is_named_until_it_prints(self):
        with self.run_quietly("read -r _ <go") as run:
            shown = self.wait_for(run, b": for ")
            self.release()
        self.assertRegex(shown, rb"^\[ *\d+ s\] sh -c read -r _ <go: for ")

    def test_terminal_has_one_line(self):
        terminal, theirs = pty.openpty()
        with self.run_quietly(f"{self.WAITS} echo built", out=theirs) as run:
            os.close(theirs)
            said = ""
            while not re.search("building it: for .*building it: for ", said):
                said += os.read(terminal, 4096).decode()
            self.release()
            while not said.endswith("built\r\n"):
                said += os.read(terminal, 4096).decode()
        os.close(terminal)
        self.assertEqual(run.returncode, 0)
        self.assertRegex(
            said,
            r"\[   3 s\] building it\r\n"
            r"(\r\[ *\d+ s\] building it: for \d+ s[^\r\n]*\x1b\[K)+"
            r"\r\x1b\[Kbuilt\r\n$",
        )

    def test_log_that_grows_is_counted(self):
        writes = (
            "mkdir -p log; printf '1\\n2\\n3\\n' >log/it.log; read -r _ <go"
        )
        with self.run_quietly(self.WAITS + writes) as run:
            self.wait_for(run, b"building it: for ")
            self.release()
            shown = self.wait_for(run, b"it.log")
            self.release()
            run.stdout.read()
        self.assertIn(b"; it.log: 3 lines", shown)

    def test_words_of_a_command_that_speaks_are_only_passed_on(self):
        with self.run_quietly("echo one; echo two >&2", quiet="60") as run:
            self.assertEqual(run.stdout.read(), b"one\n")

    def test_errors_stay_in_order(self):
        done = subprocess.run(
            [
                *(HERE / "progress.py", "sh", "-c"),
                "for i in 1 2 3 4; do echo $i; echo $i >&2; done",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=True,
        )
        self.assertEqual(done.stdout.split(), b"1 1 2 2 3 3 4 4".split())

    def test_question_is_not_written_over(self):
        source, sink = os.pipe()
        screen = progress.Screen(sink, self.scratch, ["sh"])
        screen.pass_on(b"Password: ")
        screen.show()
        os.close(sink)
        with open(source, "rb") as shown:
            self.assertEqual(shown.read(), b"Password: ")

    def check_end(self, number, run):
        """Check that the process @run ends by the signal @number."""
        run.stdout.read()
        self.assertEqual(run.wait(), -number)

    def test_signal_ends_both(self):
        for number in signal.SIGTERM, signal.SIGHUP:
            with self.run_quietly("echo; read -r _ <go") as run:
                run.stdout.readline()
                run.send_signal(number)
                self.check_end(number, run)

    def test_command_that_is_killed_ends_both(self):
        for number in signal.SIGINT, signal.SIGKILL:
            with self.run_quietly(f"kill -{number} $$; sleep 1000") as run:
                self.check_end(number, run)

    def test_what_outlives_the_command_is_not_awaited(self):
        with self.run_quietly("{ read -r _ <go; echo; } & exit 3") as run:
            self.assertEqual(run.wait(), 3)
            self.release()

    def test_all_targets_show_their_progress(self):
        said = subprocess.run(
            ["make", "help"], cwd=PROJECT, stdout=subprocess.PIPE, check=True
        ).stdout.decode()
        targets = re.findall(r"^  ([a-z_-]+) ", said, re.M)
        # This one answers at once.
        targets.remove("why")
        recipes = subprocess.run(
            ["make", "-n", *targets],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            check=True,
        ).stdout.decode()
        shown = re.findall(r"rig/progress.py \S*tools/run (\S+)", recipes)
        self.assertEqual(
            ["help", *shown],
            [{"shell": "shell-ready"}.get(name, name) for name in targets],
        )
