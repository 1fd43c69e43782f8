# SPDX-License-Identifier: GPL-2.0
"""Tests of make review, which runs a reviewer's checkers on a series"""

import contextlib
import io
import shutil
import subprocess
import unittest.mock
from pathlib import Path

import review
import series
from tests.base import KSRC, PROJECT, Scratch, make


class Table(Scratch):
    """The table of what the checkers found."""

    def setUp(self):
        super().setUp()
        self.tree = review.Tree(Path(KSRC), self.scratch, "f", "F")
        self.tree.path.mkdir()

    def printed(self, checks):
        """Return how many checkers found something, and the table."""
        said = io.StringIO()
        with unittest.mock.patch("review.CHECKS", checks):
            with contextlib.redirect_stdout(said):
                found = review.table(self.tree, review.rows(self.tree))
        return found, said.getvalue()

    def test_nothing_found(self):
        found, said = self.printed({"one": ("sh", lambda tree: [])})
        self.assertEqual(found, 0)
        self.assertRegex(said, r"(?m)^one +nothing found$")

    def test_what_is_found_is_below_the_table(self):
        checks = {
            "one": ("sh", lambda tree: ["a.c:1: bad", "a.c:2: worse"]),
            "two": ("sh", lambda tree: []),
        }
        found, said = self.printed(checks)
        self.assertEqual(found, 1)
        self.assertRegex(
            said, r"(?m)^one +2 found\ntwo +nothing found\n\none:"
        )
        self.assertTrue(said.endswith("  a.c:1: bad\n  a.c:2: worse\n"))

    def test_checker_that_is_not_there_says_so(self):
        found, said = self.printed({"one": ("no-such-program", None)})
        self.assertEqual(found, 0)
        self.assertRegex(said, r"(?m)^one +not run: it is not installed$")

    def test_headers_for_32_bits_are_found(self):
        """What UML's own programs include, without the kernel's headers."""
        options = dict(word.split("=", 1) for word in review.OF_32_BITS)
        done = subprocess.run(
            ["gcc", "-m32", "-xc", "-fsyntax-only", "-"]
            + options.get("KCFLAGS", "").split(),
            input="#include <stdio.h>\n#include <linux/types.h>\n",
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        self.assertEqual(done.stderr, "")

    def test_mistakes_are_found(self):
        """Check those checkers that need no build."""
        shutil.copytree(Path(KSRC, "scripts"), self.tree.path / "scripts")
        text = (
            "// SPDX-License-Identifier: GPL-2.0\n"
            "#include <linux/types.h>\n#include <linux/types.h>\n\n"
            "/**\n * f() - Do t"
            "eh work.\n */\nint f(int x)\n{\n"
            "\treturn x;\n}\n"
        )
        series.write(self.tree.path / "lib/f.c", text)
        self.tree.files.append("lib/f.c")
        self.assertEqual(len(review.includes(self.tree)), 1)
        self.assertEqual(len(review.codespell(self.tree)), 1)
        said = " ".join(review.kernel_doc(self.tree))
        self.assertIn("'x' not described in 'f'", said)


class Command(Scratch):
    """The command, in a copy of the project."""

    def test_bad_words_are_refused_in_one_line(self):
        house = self.house(**{"install-deps": "exit 0"})
        shutil.copytree(PROJECT / "modules", house / "modules")
        for words, wrong in (
            ("", "MODULE= is missing: type make review MODULE=blkram"),
            ("MODULE=x", 'MODULE="x" is not a module of modules/: type'),
        ):
            with self.subTest(words):
                done = make(house, "review", *words.split(), f"KSRC={KSRC}")
                said = done.stderr.partition("make: ***")[0]
                self.assertEqual(done.returncode, 2)
                self.assertIn(wrong, said)
                self.assertEqual(said.count("\n"), 1, said)
