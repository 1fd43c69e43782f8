# SPDX-License-Identifier: GPL-2.0
"""Tests of the commands that the pages tell a reader to type

The commands in a guest are not here: the pages include them from the sessions
below modules/, which "make demo" runs.
"""

import os
import re
import shlex
import subprocess
import unittest
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

from tests.base import HERE, PROJECT

PAGES = [
    PROJECT / "README.md",
    HERE / "README.rst",
    *sorted((PROJECT / "Documentation").rglob("*.rst")),
]
# A command in the middle of a sentence, or alone in its line after a prompt or,
# in Markdown, between two fences.
IN_A_SENTENCE = re.compile(r"(`+)((?:make|(?:rig/)?modproof) [^`]+)\1")
ALONE = re.compile(
    r"^[ \t]*\$ (?:.*[|] *)?((?:make|(?:rig/)?modproof) [^|#\n]+)", re.M
)
FENCED = re.compile(r"^((?:make|rig/modproof) [^|#\n]+)", re.M)


def commands(text):
    """Yield each command in the text of a page, as one line."""
    for found in IN_A_SENTENCE.finditer(text):
        yield " ".join(found[2].split())
    yield from ALONE.findall(text)
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S):
        yield from FENCED.findall(block)


def typed(name):
    """Return the commands of all pages that begin so, with their page."""
    found = set()
    for page in PAGES:
        for command in commands(page.read_text()):
            words = shlex.split(command)
            if words[0].removeprefix("rig/") == name:
                found.add((page.name, command.strip()))
    return sorted(found)


def names(pattern):
    """Return the names of the files that fit, without what follows a dot."""
    return {path.name.partition(".")[0] for path in PROJECT.glob(pattern)}


def run_in_project(*command):
    """Run a command that changes nothing; return what it did."""
    return subprocess.run(
        command,
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def verbs():
    """Return rig/modproof as a module; its name has no suffix."""
    loader = SourceFileLoader("verbs", str(HERE / "modproof"))
    spec = spec_from_loader("verbs", loader)
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


class Make(unittest.TestCase):
    """The commands that begin with make."""

    # The values that these variables can have.
    KNOWN = {
        "TARGETS": names("modules/*/*.session") | names("modules/*"),
        "TEST": names("selftests/*/*_test.c"),
        "SUITE": {
            name.removesuffix("_kunit") for name in names("kunit/*_kunit.c")
        },
        "ID": names("selftests/*/mutants/*.patch"),
    }

    # The module that the reader of a page adds.
    ADDED = {
        "adding-a-module.rst": "procfs5",
        "first-module.rst": "thermostat",
    }

    def arguments(self):
        """Yield each command with its arguments, and the page it is on."""
        for page, command in typed("make"):
            words = shlex.split(command)[1:]
            # A build by kbuild is not by the project's Makefile.
            if words[0] != "-C" and not words[0].startswith("M="):
                yield page, command, words

    def test_pages_have_such_commands(self):
        self.assertGreater(len(list(self.arguments())), 40)

    def test_make_accepts_each(self):
        for page, command, words in self.arguments():
            with self.subTest(page=page, command=command):
                done = run_in_project("make", "-n", *words)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_what_each_names_is_there(self):
        for page, command, words in self.arguments():
            for word in words:
                variable, _, value = word.partition("=")
                # A page says <part> where the reader has a name of their own.
                if variable not in self.KNOWN or "<" in value:
                    continue
                if page in self.ADDED and self.ADDED[page] in value:
                    continue
                with self.subTest(page=page, command=command):
                    name = value.partition(".")[0]
                    self.assertTrue(name in self.KNOWN[variable], name)


class Modproof(unittest.TestCase):
    """The commands that begin with modproof."""

    def test_modproof_accepts_each(self):
        parser = verbs().make_parser()
        for page, command in typed("modproof"):
            words = shlex.split(command)[1:]
            if words == ["--help"] or words[0] == "why":
                continue
            with self.subTest(page=page, command=command):
                try:
                    parser.parse_args(words)
                except SystemExit:
                    self.fail("modproof refuses these arguments")

    def test_manual_page_of_why_has_each_option(self):
        manual = (HERE / "why/modproof-why.1").read_text().replace("\\-", "-")
        for page, command in typed("modproof"):
            words = shlex.split(command)[1:]
            for word in words[1:] if words[0] == "why" else []:
                if word.startswith("--"):
                    with self.subTest(page=page, command=command):
                        self.assertTrue(word in manual, word)
