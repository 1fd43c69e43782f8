# SPDX-License-Identifier: GPL-2.0
"""Tests of the writers of KTAP documents: ktap_writer.py and guest/ktap.sh"""

import io
import os
import shutil
import subprocess
import unittest

import ktap
from ktap_writer import Writer
from tests.base import HERE, KSRC, Scratch

# A script that writes, with guest/ktap.sh, the same document as
# written_by_python().
SCRIPT = """
. "$1"
bb=$2
ktap_line 0 "KTAP version 1"
ktap_line 0 1..1
ktap_head 1 area 3
ktap_result 1 ok 1 passes
echo "# one" | ktap_indent 1
ktap_result 1 "not ok" 2 fails "a reason"
ktap_result 1 ok 3 skips "SKIP needs more"
ktap_result 0 "not ok" 1 area
"""


def written_by_python():
    """Return a document with a result of each kind."""
    out = io.StringIO()
    document = Writer(out, 1)
    group = document.begin(3, "area")
    group.result(True, "passes")
    group.comment("one")
    group.result(False, "fails", "a reason")
    group.result(True, "skips", "SKIP needs more")
    document.result(group.is_good, "area")
    return out.getvalue()


class KtapWriter(unittest.TestCase):
    """Each writer writes the same document."""

    def test_reader_finds_all_results_and_no_fault(self):
        root = ktap.read(written_by_python())
        self.assertEqual(root.faults, [])
        self.assertEqual(
            [
                (names[-1], status, test.reason)
                for names, test, status in ktap.outcomes(root)
            ],
            [
                ("passes", "pass", ""),
                ("fails", "fail", "a reason"),
                ("skips", "skip", "needs more"),
            ],
        )

    def test_guest_scripts_write_the_same(self):
        busybox = shutil.which("busybox")
        written = subprocess.run(
            [
                busybox,
                "sh",
                "-c",
                SCRIPT,
                "sh",
                HERE / "guest/ktap.sh",
                busybox,
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        self.assertEqual(written.stdout, written_by_python())


class Readers(Scratch):
    """Other programs read a document of the rig as it is meant."""

    HOSTILE = (
        *("todo list is wrong", "SKIP was printed", "a\nok 9 b\nBail out! c"),
        *("1..9", "Bail out! d", "---", "TAP version 12", "#", "\\# TODO e"),
    )

    def document(self):
        """Write a document with texts that look like lines of TAP."""
        path = self.scratch / "ktap"
        with open(path, "w", encoding="utf-8") as out:
            document = Writer(out, len(self.HOSTILE) + 2)
            for text in self.HOSTILE:
                group = document.begin(2, text)
                group.comment(text)
                group.result(True, "passes")
                group.result(False, f"fails {text}", text)
                document.comment(text)
                document.result(False, text, text)
            document.result(True, "good", "a note")
            document.result(True, "skips", "SKIP needs more")
        return path

    def read_by(self, *command):
        """Run a program that reads a document; return what it prints."""
        done = subprocess.run(
            [*command, self.document()],
            cwd=self.scratch,
            env=os.environ | {"PERL_TEST_HARNESS_DUMP_TAP": ""},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        return done.stdout

    def test_reader_of_the_rig(self):
        root = ktap.read_file(self.document())
        statuses = [child.status for child in root.children]
        self.assertEqual(
            statuses, ["fail"] * len(self.HOSTILE) + ["pass", "skip"]
        )
        self.assertEqual(root.faults, [])
        for child in root.children:
            self.assertEqual(child.faults, [])

    def test_prove(self):
        said = self.read_by("prove", "--exec", "cat")
        self.assertNotIn("Parse errors", said)
        count = len(self.HOSTILE)
        self.assertIn(f"Tests: {count + 2} Failed: {count})", said)
        self.assertIn(f"Failed tests:  1-{count}\n", said)

    def test_kunit_py(self):
        kunit = f"{KSRC}/tools/testing/kunit/kunit.py"
        said = self.read_by("python3", "-B", kunit, "parse")
        self.assertNotIn("[ERROR]", said)
        count = len(self.HOSTILE)
        self.assertIn(
            f"Ran {2 * count + 2} tests: passed: {count + 1}, "
            f"failed: {count}, skipped: 1\n",
            said,
        )
