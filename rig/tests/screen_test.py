# SPDX-License-Identifier: GPL-2.0
"""Tests of the screen, the text that a user sees first, for each failure

The expected screens are rig/tests/screens/NAME.txt, in the form of the answers
in a session.  The other files there are logs of real failures, shortened.
"""

import os
import subprocess

from guest.session import pattern
from tests.base import HERE, KERNEL, Scratch, tool_path

SCREENS = HERE / "tests/screens"
LINES = 24
COLUMNS = 80


def first_screen(text, lines=LINES):
    """Return as much of a text as a terminal shows before it scrolls."""
    shown = []
    for line in text.splitlines():
        shown += [
            line[start : start + COLUMNS]
            for start in range(0, max(len(line), 1), COLUMNS)
        ]
    return "\n".join(shown[:lines]) + "\n"


class Screens(Scratch):
    """A test that compares a screen with a file of rig/tests/screens/."""

    maxDiff = None

    def check_screen(self, name, text, lines=LINES):
        """Check that the first screen of @text matches the file @name.txt."""
        written = (SCREENS / f"{name}.txt").read_text()
        expected = first_screen(written, lines).splitlines()
        seen = first_screen(text, lines)
        if not pattern(expected).fullmatch(seen):
            self.fail(f"expected:\n{written}\nseen:\n{seen}")


class Builds(Screens):
    """The error message of a build that fails."""

    def stopped(self, name, tool, *arguments):
        """Check the screen of a tool if its make fails.

        A fake make prints the file @name.log and fails.
        """
        path = self.fake("make", f"cat {SCREENS}/{name}.log; exit 2")
        done = subprocess.run(
            [str(tool_path(tool)), *arguments],
            env=os.environ
            | {"PATH": path, "O": str(self.scratch), "KDIR": ""},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 1)
        self.check_screen(name, done.stderr)

    def test_compile_error_in_lib(self):
        self.stopped("build-lib", "modules", "guest", str(KERNEL.path))

    def test_symbol_that_no_module_has(self):
        self.stopped("build-modpost", "modules", "guest", str(KERNEL.path))

    def test_link_error_in_a_selftest(self):
        self.stopped(
            "build-selftest-link", "kselftest", str(KERNEL.path), "hello"
        )

    def test_compile_error_on_the_host(self):
        self.stopped("build-host", "fuzz", "fuzz")

    def test_error_in_kconfig(self):
        log = SCREENS / "build-kconfig.log"
        said = subprocess.run(
            [str(HERE / "first_error.py"), "modproof: x", str(log)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        self.check_screen("build-kconfig", said)


class Uml(Screens):
    """The directory that "rig/kunit memory" selects for UML's memory."""

    def memory(self, **scripts):
        """Run "rig/kunit memory"; @scripts replace programs that it uses."""
        path = os.environ["PATH"]
        for name, script in scripts.items():
            path = self.fake(name, script)
        return subprocess.run(
            [str(HERE / "kunit"), "memory"],
            env=os.environ
            | {"PATH": path, "O": str(self.scratch), "TMPDIR": ""},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_memory_is_in_shm_if_that_will_do(self):
        self.assertEqual(self.memory().stdout, "/dev/shm\n")

    def test_memory_is_elsewhere_if_nothing_can_be_executed_in_shm(self):
        chmod = 'case $2 in /dev/shm/*) ;; *) exec /bin/chmod "$@" ;; esac'
        self.assertEqual(self.memory(chmod=chmod).stdout, "/tmp\n")

    def test_memory_is_elsewhere_if_shm_is_small(self):
        df = "echo; case $2 in /dev/shm) echo 1 1 1 64 ;; *) echo 1 1 1 999 ;; esac"
        self.assertEqual(self.memory(df=df).stdout, "/tmp\n")

    def test_lack_of_memory_is_one_line(self):
        done = self.memory(df="echo; echo 1 1 1 64")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(
            done.stderr, r"\Amodproof: UML needs .*: name one with TMPDIR=\n\Z"
        )
