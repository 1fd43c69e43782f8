# SPDX-License-Identifier: GPL-2.0
"""Tests of what modproof says to a user who is wrong"""

import contextlib
import io
import os
import re
import subprocess
import tempfile
import unittest
import unittest.mock
from pathlib import Path

import common
from tests.base import HERE, PROJECT, Scratch
from tests.pages_test import verbs

# A path in a text, relative to some directory.
PATH = re.compile(r"(?<![\w/.{}$-])\w[\w.-]*(?:/[\w.-]+)+")
COUNTER = PROJECT / "examples/counter"


class Wrong(Scratch):
    """Wrong use: one line, the exit status 2, and nothing is written."""

    def run_modproof(self, *arguments, **environment):
        """Return the exit status and the output."""
        where = ("env", "-C", self.scratch)
        cache = {"MODPROOF_CACHE": str(self.scratch / "cache")}
        return self.run_tool(
            *where, HERE / "modproof", *arguments, **cache | environment
        )

    def refuses(self, expected, *arguments, **environment):
        """Check that these arguments are refused with this text."""
        status, said = self.run_modproof(*arguments, **environment)
        self.assertEqual(status, 2, said)
        self.assertIn(expected, said)
        self.assertEqual(len(said.splitlines()), 1, said)
        self.assertEqual(list(self.scratch.iterdir()), [])

    def test_directory_without_a_module(self):
        self.refuses("expected a dkms.conf, or a Makefile", "check")

    def test_directory_that_is_not_there(self):
        self.refuses("nowhere is not a directory", "check", "nowhere")

    def test_kernel_that_is_not_known(self):
        self.refuses(
            '--kernel "stock" is neither a kernel nor a path: use one of '
            "stock-6.1, ",
            *("check", COUNTER, "--kernel", "stock"),
        )

    def test_kernel_of_the_configuration_that_is_not_known(self):
        for name in "stock", "debug", "uml", "6.12", "stock-6.12/":
            with self.subTest(name):
                self.refuses_config(
                    f'[kernel]\nkernels = ["{name}"]\n',
                    f'"{name}" in kernels in [kernel] is neither a kernel nor '
                    "a path: use one of stock-6.1, ",
                )

    def refuses_config(self, text, expected):
        """Check that a project with this modproof.toml is refused."""
        with tempfile.TemporaryDirectory() as root:
            Path(root, "Makefile").write_text("obj-m := x.o\n")
            Path(root, "modproof.toml").write_text(text)
            self.refuses(expected, "check", root)

    def test_directory_that_has_no_kernel(self):
        for verb in "check", "test", "shell":
            with self.subTest(verb):
                self.refuses(
                    f'--kernel "{HERE}" has no Makefile and .config',
                    *(verb, COUNTER, "--kernel", HERE),
                )

    def test_build_directory_that_has_other_files(self):
        for out, expected in (
            (COUNTER, "has the sources in it: name a new directory"),
            (HERE, "has files that modproof did not make: name a new"),
        ):
            with self.subTest(out=out):
                self.refuses(
                    expected,
                    *("list", COUNTER, "--output", out),
                    MODPROOF_LOCKED="",
                )

    def test_cache_in_which_nothing_can_be_built(self):
        self.refuses(
            'has a " " in it', "check", COUNTER, MODPROOF_CACHE="/tmp/a b"
        )

    def test_number_that_is_none(self):
        for verb, option, value in (
            ("soak", "--loads", "0"),
            ("soak", "--time", "1m"),
            ("fuzz", "--time", "-1"),
            ("fuzz", "--seed", "9" * 10),
        ):
            with self.subTest(option, value=value):
                self.refuses(
                    f'{option} "{value}" is not a whole number from ',
                    *(verb, COUNTER, f"{option}={value}"),
                )

    def test_shell_without_a_terminal(self):
        status, said = self.run_modproof("shell", COUNTER)
        self.assertEqual(status, 2, said)
        self.assertIn('type "modproof shell" in one', said)

    def test_gdb_without_a_terminal(self):
        status, said = self.run_modproof("gdb", COUNTER)
        self.assertEqual(status, 2, said)
        self.assertIn("with gdb's commands with --batch", said)

    def test_gdb_without_its_commands(self):
        self.refuses(
            "--batch none is no file: name one with commands",
            *("gdb", COUNTER, "--batch", "none"),
        )

    def test_kernels_are_listed(self):
        status, said = self.run_modproof("kernels")
        self.assertEqual(status, 0, said)
        self.assertRegex(said, r"\nstock-6.12 +not here +")

    def test_kernel_of_another_release_of_debian_has_a_name(self):
        for name in "stock-6.13", "stock-6.13-trixie":
            with self.subTest(name):
                self.assertEqual(verbs().kernel_name(name, "check"), name)


class Broken(unittest.TestCase):
    """Errors of the rig, which say nothing about a module."""

    def run_main(self, error):
        """Return the exit status of a verb that ends by this error."""
        said = io.StringIO()
        with self.assertRaises(SystemExit) as ended:
            with contextlib.redirect_stderr(said):
                common.run(unittest.mock.Mock(side_effect=error))
        return ended.exception.code, said.getvalue()

    def test_error_of_the_rig_is_no_failure_of_a_module(self):
        self.assertEqual(
            self.run_main(SystemExit("modproof: no gcc: install it")),
            (3, "modproof: no gcc: install it\n"),
        )

    def test_mistake_in_the_rig_is_no_failure_of_a_module(self):
        status, said = self.run_main(KeyError("name"))
        self.assertEqual(status, 3)
        self.assertIn("KeyError: 'name'", said)

    def test_interrupted_run_says_nothing_about_a_module(self):
        self.assertEqual(
            self.run_main(KeyboardInterrupt()), (3, "modproof: interrupted\n")
        )

    def test_status_that_was_chosen_is_kept(self):
        self.assertEqual(self.run_main(SystemExit(2))[0], 2)


class Locked(Scratch):
    """Two runs at once."""

    def test_second_run_in_a_project_says_so(self):
        out = self.scratch / "out"
        out.mkdir()
        (out / ".modproof").touch()
        with subprocess.Popen(
            ["flock", out / "lock", "sh", "-c", "echo; read -r _"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as other:
            other.stdout.readline()
            done = subprocess.run(
                [HERE / "modproof", "list", COUNTER, "--output", out],
                env=os.environ | {"MODPROOF_LOCKED": ""},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            other.communicate(b"\n")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn(f"another run is using {out}", done.stderr)
        self.assertIn("with --output DIR", done.stderr)


class Places(Scratch):
    """Places that cannot be used: one line, and no word on the module."""

    def fails(self, expected, *options, status=3, **environment):
        """Check that a check fails with one line that has this text."""
        done = self.run_tool(
            *(HERE / "modproof", "check", COUNTER, "--kernel", "stock-6.0"),
            *options,
            **{"MODPROOF_LOCKED": ""} | environment,
        )
        self.assertEqual(done[0], status, done[1])
        lines = [line for line in done[1].splitlines() if expected in line]
        self.assertEqual(len(lines), 1, done[1])
        return done[1]

    def test_cache_in_which_the_user_may_not_write(self):
        nowhere = {"MODPROOF_CACHE": "/proc/nowhere"}
        said = self.fails("choose another one with MODPROOF_CACHE=", **nowhere)
        self.assertEqual(len(said.splitlines()), 1, said)
        self.fails(
            "cannot write in /proc/nowhere/kernels: name a directory in which "
            "you may write with MODPROOF_CACHE=DIR",
            *("--output", self.scratch / "out"),
            **nowhere,
        )

    def test_directory_of_the_user(self):
        (self.scratch / "file").touch()
        self.fails(
            "has files that modproof did not make",
            *("--output", self.scratch),
            status=2,
        )


class Verbs(unittest.TestCase):
    """What lists the verbs."""

    def test_each_is_in_the_help_and_in_the_manual_page(self):
        known = verbs()
        manual = (PROJECT / "Documentation/man/modproof.1.rst").read_text()
        for pattern, text in (
            (r"^    modproof (\w+)", known.__doc__),
            (r"^\*\*(\w+)\*\*", manual),
        ):
            found = re.findall(pattern, text, re.M)
            self.assertEqual(sorted(found), sorted(known.VERBS))


class Apart(unittest.TestCase):
    """The rig serves any project, and is a thing of its own."""

    def test_no_program_names_a_file_of_this_project(self):
        named = {
            f"{path.relative_to(HERE)}: {name}"
            for path in sorted(HERE.rglob("*"))
            if path.is_file()
            and not {"tests", "why", "__pycache__"} & set(path.parts)
            and path.suffix != ".rst"
            for name in PATH.findall(path.read_text("utf-8"))
            if not name.startswith(("rig/", "build/"))
            and (PROJECT / name).is_file()
        }
        self.assertEqual(named, set())
