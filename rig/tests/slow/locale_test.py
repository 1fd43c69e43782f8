# SPDX-License-Identifier: GPL-2.0
"""Tests that the user's language and locale do not affect the rig"""

import os
import subprocess

from tests.base import PROJECT, Scratch

# In this locale 22.5 is written 22,5, and each character is one byte.
COMMA = """LC_NUMERIC
decimal_point ","
thousands_sep "."
grouping 3
END LC_NUMERIC
"""


class Locale(Scratch):
    """Tests of the output of programs that another tool reads."""

    def setUp(self):
        super().setUp()
        (self.scratch / "source").write_text(COMMA)
        subprocess.run(
            [
                *("localedef", "-c", "--no-archive"),
                *("-i", self.scratch / "source", self.scratch / "comma"),
            ],
            capture_output=True,
            check=False,
        )

    def prints(self, program, **environment):
        """Run @program in a shell that has read common.sh; return its output.

        @environment has the user's settings.
        """
        return subprocess.run(
            ["sh", "-c", f". rig/common.sh; {program}", "tools/run"],
            cwd=PROJECT,
            env=os.environ | {"LOCPATH": str(self.scratch)} | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout

    HALF = "awk 'BEGIN { printf \"%.1f\", 22.5 }'"

    def test_locale_has_a_comma(self):
        self.assertEqual(
            self.prints(f"export LC_ALL=comma; {self.HALF}"), "22,5"
        )

    def test_number_has_a_point(self):
        for variable in "LC_ALL", "LC_NUMERIC", "LANG":
            unset = dict.fromkeys(("LC_ALL", "LC_NUMERIC", "LANG"), "")
            said = self.prints(self.HALF, **unset | {variable: "comma"})
            self.assertEqual(said, "22.5", variable)

    def test_python_reads_utf_8(self):
        (self.scratch / "log").write_text("‘ä’\n", encoding="utf-8")
        read = f"print(open('{self.scratch}/log').read(), end='')"
        for locale in "comma", "POSIX", "C.UTF-8":
            said = self.prints(f'python3 -c "{read}"', LC_ALL=locale)
            self.assertEqual(said, "‘ä’\n", locale)

    def test_order_is_that_of_bytes(self):
        said = self.prints("printf '%s ' a Z ä | tr ' ' '\\n' | sort")
        self.assertEqual(said.split(), ["Z", "a", "ä"])

    def test_language_is_none(self):
        said = self.prints('echo "$LC_ALL ${LANGUAGE-none}"', LANGUAGE="de")
        self.assertEqual(said, "C.UTF-8 none\n")

    def test_directory_is_one_line(self):
        """If the user had set CDPATH, cd would print the directory too."""
        said = self.prints(
            'cd rig; echo "$srctree"', srctree="", CDPATH=str(PROJECT)
        )
        self.assertEqual(said, f"{PROJECT}\n")
